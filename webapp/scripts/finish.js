// After `vite build`: writes the service worker with the shell's file list, reports sizes against the budget, and puts
// the files where they are served from, so that a running program never finds them half there.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../node_modules/.built');
const shipped = join(here, '../../src/assistant408/web/static');
const BUDGET = 300 * 1024; // gzipped JS + CSS of a first load

const manifest = JSON.parse(readFileSync(join(out, '.vite/manifest.json'), 'utf8'));
rmSync(join(out, '.vite'), { recursive: true });

/** The files that a chunk needs at once: itself, its static imports, their styles. */
function closure(key, seen = new Set(), files = new Set()) {
  if (seen.has(key)) return files;
  seen.add(key);
  const chunk = manifest[key];
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const dep of chunk.imports ?? []) closure(dep, seen, files);
  return files;
}

const pages = Object.keys(manifest).filter((k) => /^src\/pages\/\w+\/index\.svelte$/.test(k));
const entry = closure('index.html');
const gz = (files) => [...files].reduce((n, f) => n + gzipSync(readFileSync(join(out, f))).length, 0);
const kb = (n) => `${(n / 1024).toFixed(1)} KB`;

console.log(`shell        ${kb(gz(entry))} gz`);
let over = false;
for (const page of pages) {
  const size = gz(new Set([...entry, ...closure(page)]));
  over ||= size > BUDGET;
  console.log(`${page.split('/')[2].padEnd(12)} ${kb(size)} gz (shell included)`);
}
const walk = (dir) => readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? walk(join(dir, e.name)) : [join(dir, e.name)]));
console.log(`all files    ${kb(walk(out).reduce((n, f) => n + statSync(f).size, 0))} on disk`);

// What the pages show first: shell, pages, and the Markdown renderer with its formulas and fonts.
const shell = new Set(entry);
for (const key of [...pages, ...Object.keys(manifest).filter((k) => /src\/lib\/markdown\//.test(k))]) for (const f of closure(key)) shell.add(f);
const fixed = ['/theme.js', '/icon.svg', '/manifest.webmanifest'];
const list = ['/', ...fixed, ...[...shell].sort().map((f) => `/${f}`)];
const version = createHash('sha256').update(list.join()).update(readFileSync(join(out, 'index.html'))).digest('hex').slice(0, 12);
writeFileSync(
  join(out, 'sw.js'),
  readFileSync(join(here, 'sw.template.js'), 'utf8').replace('__VERSION__', JSON.stringify(version)).replace('__SHELL__', JSON.stringify(list)),
);
console.log(`sw.js        ${list.length} files, version ${version} (${relative(process.cwd(), out)})`);
if (over) {
  console.error(`a first load is over ${kb(BUDGET)}`);
  process.exit(1);
}

// What pages refer to comes before the pages; what nothing refers to any more goes last.
const built = walk(out).map((f) => relative(out, f)).sort((a, b) => Number(!a.startsWith('assets')) - Number(!b.startsWith('assets')) || a.localeCompare(b));
for (const name of built) {
  const to = join(shipped, name);
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(join(out, name), `${to}.part`);
  renameSync(`${to}.part`, to);
}
for (const file of existsSync(shipped) ? walk(shipped) : []) if (!built.includes(relative(shipped, file))) rmSync(file);
