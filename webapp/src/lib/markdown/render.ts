/** Markdown to safe HTML, one string a top-level block, so that a growing answer redraws its last block only. */
import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import { math } from './math';

export interface Engines {
  katex?: { renderToString(tex: string, options: object): string };
  highlight?: (code: string, language: string) => string | null;
}

export interface Options {
  /** Citation numbers that exist: only these `[n]` become buttons. */
  cites?: readonly number[];
  /** A note of the book: `{#leaf-id}` anchors, sections by their standard titles. */
  book?: boolean;
}

export interface Heading {
  id: string;
  text: string;
  level: number;
}

export interface Rendered {
  blocks: string[];
  headings: Heading[];
}

interface Env {
  [key: string | symbol]: unknown;
  options: Options;
  engines: Engines;
  formulas: string[];
  headings: Heading[];
}

const md = new MarkdownIt({ html: false, linkify: false, breaks: false }).use(cjkFriendly).use(math);
const escape = md.utils.escapeHtml;
type Token = ReturnType<typeof md.parse>[number];

const PARTS: Record<string, string> = { 考点: 'point', 讲解: 'talk', 易错: 'trap', 例题: 'example' };

md.inline.ruler.before('link', 'cite', (state, silent) => {
  if (state.src[state.pos] !== '[') return false;
  const found = /^\[(\d{1,2})\](?!\()/.exec(state.src.slice(state.pos, state.pos + 6));
  const { options } = state.env as unknown as Env;
  if (!found || !options.cites?.includes(Number(found[1]))) return false;
  if (!silent) state.push('cite', 'button', 0).content = found[1];
  state.pos += found[0].length;
  return true;
});

// Statements Ⅰ, Ⅱ, Ⅲ of a question stand on lines of their own.
md.core.ruler.after('inline', 'statements', (state) => {
  for (const { children } of state.tokens) {
    children?.forEach((token, i) => {
      if (token.type === 'softbreak' && /^[Ⅰ-Ⅹ][.．、]/.test(children[i + 1]?.content ?? '')) token.type = 'hardbreak';
    });
  }
});

md.core.ruler.after('block', 'sections', (state) => {
  const env = state.env as unknown as Env;
  const out: Token[] = [];
  const open: { level: number; leaf: string }[] = []; // sections that are open, with the leaf of those that are one
  let leaf = '';
  const closeTo = (level: number) => {
    while (open.length && open[open.length - 1].level >= level) {
      const drill = new state.Token('drill', 'p', 0);
      drill.content = open.pop()!.leaf;
      if (drill.content) out.push(drill);
      out.push(new state.Token('section_close', 'section', -1));
    }
  };
  state.tokens.forEach((token, i) => {
    if (token.type === 'heading_open' && token.level === 0) {
      const inline = state.tokens[i + 1];
      const level = Number(token.tag.slice(1));
      const anchor = /\s*\{#([\w.-]+)\}\s*$/.exec(inline.content);
      if (anchor) inline.content = inline.content.slice(0, anchor.index);
      if (env.options.book) {
        if (level <= 2) leaf = anchor?.[1] ?? `s${env.headings.length + 1}`;
        const id = level <= 2 ? leaf : `${leaf}--${inline.content.replace(/\s+/g, '')}`;
        env.headings.push({ id, text: inline.content, level });
        closeTo(level);
        const section = new state.Token('section_open', 'section', 1);
        section.attrSet('class', level <= 2 ? 'leaf' : `part ${PARTS[inline.content.trim()] ?? ''}`.trim());
        out.push(section);
        open.push({ level, leaf: level === 2 ? (anchor?.[1] ?? '') : '' });
        token.attrSet('id', id);
        token.attrSet('tabindex', '-1');
      }
    }
    out.push(token);
  });
  closeTo(0);
  state.tokens = out;
});

const { rules } = md.renderer;

rules.cite = (tokens, i) => {
  const n = tokens[i].content;
  return `<button type="button" class="cite" data-n="${n}" aria-label="出处 ${n}">${n}</button>`;
};

rules.drill = (tokens, i) => `<p class="drill no-print"><a href="/practice?under=${encodeURIComponent(tokens[i].content)}">练这一考点</a></p>\n`;

rules.math = (tokens, i, _options, env) => {
  const { engines, formulas } = env as unknown as Env;
  const { content, block } = tokens[i];
  const display = Boolean(tokens[i].meta?.display);
  let html = `<code>${escape(content)}</code>`;
  if (engines.katex) {
    html = engines.katex.renderToString(content, { displayMode: display, throwOnError: false, strict: 'ignore', trust: false, maxSize: 30, maxExpand: 400, errorColor: 'var(--pen)' });
  }
  formulas.push(display ? `<span class="display scroll" role="group" aria-label="公式" tabindex="0">${html}</span>` : html);
  const slot = `<span data-math="${formulas.length - 1}"></span>`;
  return block ? `<p class="formula">${slot}</p>\n` : slot;
};

rules.fence = (tokens, i, _options, env) => {
  const { engines } = env as unknown as Env;
  const { content, info } = tokens[i];
  const [language = '', ...flags] = info.trim().split(/\s+/);
  if (flags.includes('check')) return ''; // the note's own proof, for CI
  if (language === 'mermaid') return `<pre class="mermaid" tabindex="0"><code>${escape(content)}</code></pre>\n`;
  const code = (language && engines.highlight?.(content, language)) || escape(content);
  const copy = '<button type="button" class="copy" aria-label="复制代码">复制</button>';
  return `<div class="code">${copy}<pre tabindex="0"><code>${code}</code></pre></div>\n`;
};

rules.table_open = () => '<div class="scroll" role="group" aria-label="表格" tabindex="0"><table>\n';
rules.table_close = () => '</table></div>\n';
for (const cell of ['th_open', 'td_open']) {
  rules[cell] = (tokens, i, _options, _env, self) => {
    const style = String(tokens[i].attrGet('style') ?? '');
    const side = /text-align:\s*(\w+)/.exec(style)?.[1];
    tokens[i].attrs = side ? [['class', `to-${side}`]] : null;
    return self.renderToken(tokens, i, md.options);
  };
}

rules.image = (tokens, i) => {
  const src = String(tokens[i].attrGet('src') ?? '');
  const alt = tokens[i].content;
  const local = (src.startsWith('/') && !src.startsWith('//')) || /^data:image\/(png|jpeg|gif|webp);/.test(src);
  return local ? `<img src="${escape(src)}" alt="${escape(alt)}" loading="lazy">` : `<span class="no-image">［图：${escape(alt || '没有说明')}］</span>`;
};

rules.link_open = (tokens, i, _options, _env, self) => {
  const token = tokens[i];
  const href = String(token.attrGet('href') ?? '');
  if (href.startsWith('note:')) token.attrSet('href', `/book/${href.slice(5)}`);
  else if (href.startsWith('leaf:')) token.attrSet('href', `/book?leaf=${encodeURIComponent(href.slice(5))}`);
  else if (/^[a-z][\w+.-]*:/i.test(href) || href.startsWith('//')) {
    token.attrSet('target', '_blank');
    token.attrSet('rel', 'noopener noreferrer');
    token.attrSet('class', 'away');
    const host = /^(?:https?:)?\/\/([^/?#]+)/.exec(href)?.[1] ?? href;
    token.attrSet('title', `离开本机，打开 ${host}`);
  }
  return self.renderToken(tokens, i, md.options);
};

const CLEAN = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: ['style', 'form', 'input', 'textarea', 'select', 'iframe', 'video', 'audio', 'source', 'picture'],
  FORBID_ATTR: ['style', 'srcset'],
  ADD_ATTR: ['target'],
  // The pattern below is asked about every attribute but these.
  ADD_URI_SAFE_ATTR: ['target', 'rel', 'tabindex', 'type', 'start', 'loading'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|\/(?!\/)|#|data:image\/(?:png|jpeg|gif|webp);)/i,
};

function finish(html: string, env: Env): string {
  // KaTeX's own output goes in after the cleaning: with `trust: false` it holds nothing that could run.
  return DOMPurify.sanitize(html, CLEAN).replace(/<span data-math="(\d+)"><\/span>/g, (_, n) => env.formulas[Number(n)]);
}

export function render(source: string, options: Options = {}, engines: Engines = {}): Rendered {
  const env: Env = { options, engines, formulas: [], headings: [] };
  const tokens = md.parse(source, env);
  const blocks: string[] = [];
  let depth = 0;
  let from = 0;
  tokens.forEach((token, i) => {
    depth += token.nesting;
    if (depth === 0) {
      const html = finish(md.renderer.render(tokens.slice(from, i + 1), md.options, env), env);
      if (html) blocks.push(html);
      from = i + 1;
    }
  });
  return { blocks, headings: env.headings };
}

/** One line of Markdown, such as a step's reason in a list. */
export function renderInline(source: string, engines: Engines = {}): string {
  const env: Env = { options: {}, engines, formulas: [], headings: [] };
  return finish(md.renderInline(source, env), env);
}
