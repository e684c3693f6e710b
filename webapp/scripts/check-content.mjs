/**
 * Every formula of content/ as KaTeX reads it and every diagram as Mermaid reads it: one line a problem, exit 1.
 *
 *   npm run check:content            or, of another folder,   node scripts/check-content.mjs FOLDER
 *
 * What is a formula is decided by the pages' own rule (src/lib/markdown/math.ts).
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { JSDOM } from 'jsdom';
import katex from 'katex';
import MarkdownIt from 'markdown-it';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '..', '..');
const content = resolve(process.argv[2] ?? join(root, 'content'));
const UNREAD = new Set(['id', 'kind', 'python', 'solver', 'value', 'note', 'quote']); // keys whose strings no page renders

// KaTeX as the pages call it, except that an error is an error, and so is Chinese outside \text{…}.
const KATEX = { throwOnError: true, strict: 'error', trust: false, maxSize: 30, maxExpand: 400 };

const { window } = new JSDOM('');
Object.assign(globalThis, { window, document: window.document }); // Mermaid cleans its labels in a DOM
const { default: mermaid } = await import('mermaid');
mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });

const source = readFileSync(join(root, 'webapp', 'src', 'lib', 'markdown', 'math.ts'), 'utf8');
const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } });
const { math } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
const md = new MarkdownIt({ html: false }).use(math);

const problems = [];
const counts = { files: 0, formulas: 0, diagrams: 0 };

/** Checks one text that stands at `line` of `file`. */
async function check(file, line, text) {
  let at = line;
  const report = (what, message) => problems.push(`${file}:${at}: ${what}: ${String(message).split('\n')[0]}`);
  const formula = ({ content: tex, meta }) => {
    counts.formulas += 1;
    try {
      katex.renderToString(tex, { ...KATEX, displayMode: Boolean(meta?.display) });
    } catch (e) {
      report(`$${tex}$`, e.message);
    }
  };
  for (const token of md.parse(text, {})) {
    if (token.map) at = line + token.map[0];
    if (token.type === 'math') formula(token);
    for (const child of token.children ?? []) {
      if (child.type === 'math') formula(child);
      else if (child.type === 'text' && /\$[^$]+\$/.test(child.content)) report(child.content, 'a formula that stays text');
      else if (child.type === 'softbreak') at += 1;
    }
    if (token.type === 'fence' && token.info.trim() === 'mermaid') {
      counts.diagrams += 1;
      try {
        await mermaid.parse(token.content);
      } catch (e) {
        report('mermaid', e.message);
      }
    }
  }
}

/** The strings of a TOML file that pages render, with the lines they begin on. */
function* strings(toml) {
  const token = /#[^\n]*|'''\n?([\s\S]*?)'''(?!')|"""\n?((?:\\[\s\S]|[^\\])*?)"""(?!")|'([^'\n]*)'|"((?:\\.|[^"\\\n])*)"/g;
  for (const found of toml.matchAll(token)) {
    if (found[0].startsWith('#')) continue;
    const key = /([\w-]+)\s*=\s*\[?\s*$/.exec(toml.slice(Math.max(0, found.index - 60), found.index))?.[1];
    if (UNREAD.has(key)) continue;
    const escaped = found[2] ?? found[4];
    const text = found[1] ?? found[3] ?? escaped.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex, c) => (hex ? String.fromCharCode(parseInt(hex, 16)) : ({ n: '\n', t: '\t' }[c] ?? c)));
    const skipped = /^('''|""")\n/.test(found[0]) ? 1 : 0; // a line break right after the mark isn't part of the text
    yield { line: toml.slice(0, found.index).split('\n').length + skipped, text };
  }
}

function* files(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else if (/\.(md|toml)$/.test(name)) yield path;
  }
}

for (const path of files(content)) {
  counts.files += 1;
  const file = relative(process.cwd(), path);
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.md')) {
    const front = /^\+\+\+\n[\s\S]*?\n\+\+\+\n/.exec(text)?.[0] ?? '';
    await check(file, front.split('\n').length, text.slice(front.length));
  } else {
    for (const found of strings(text)) if (found.text.includes('$')) await check(file, found.line, found.text);
  }
}
for (const problem of problems) console.log(problem);
console.log(`${counts.files} files, ${counts.formulas} formulas, ${counts.diagrams} diagrams, ${problems.length} problems`);
process.exitCode = problems.length ? 1 : 0;
window.close();
