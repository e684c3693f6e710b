import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vitest/config';

/** KaTeX names each font three times; every browser that runs this app reads woff2. */
const woff2Only: Plugin = {
  name: 'katex-woff2-only',
  enforce: 'pre',
  transform(code, id) {
    if (!/katex(\.min)?\.css/.test(id)) return;
    return code.replace(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\(["'](?:woff|truetype)["']\)/g, '');
  },
};

/** Of Mermaid's thirty kinds of diagram the notes use a few; the others would be two thirds of its bytes. */
const fewDiagrams: Plugin = {
  name: 'mermaid-few-diagrams',
  enforce: 'pre',
  load(id) {
    const name = /mermaid\.core\/((?:\w+-)?\w*[dD]iagram(?:-v2)?|[\w-]*definition|cose-bilkent)-\w+\.mjs/.exec(id)?.[1];
    if (name && !/^(flow|sequence|state|class|er|gantt)Diagram(-v2)?$/.test(name)) return 'export default undefined;\nexport const diagram = undefined, render = undefined;';
  },
};

const backend = process.env.A408_BACKEND ?? 'http://127.0.0.1:4080';

export default defineConfig({
  plugins: [woff2Only, fewDiagrams, svelte()],
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  build: {
    outDir: 'node_modules/.built', // scripts/finish.js puts it where it is served from
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // light-dark() stays as written
    assetsInlineLimit: 0, // the CSP has no data: for fonts
    modulePreload: { polyfill: false },
    manifest: true, // read by scripts/finish.js, then removed
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': backend } },
  test: { environment: 'jsdom', include: ['tests/**/*.test.ts'], setupFiles: ['tests/setup.ts'] },
});
