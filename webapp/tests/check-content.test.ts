import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((f) => rmSync(f, { recursive: true })));

/** Runs the check over these files: its exit code and its lines, each `file:line: …` without the folder. */
function check(files: Record<string, string>): { code: number | null; lines: string[]; errors: string } {
  const folder = mkdtempSync(join(tmpdir(), 'content-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const script = join(process.cwd(), 'scripts', 'check-content.mjs');
  const done = spawnSync(process.execPath, [script, '.'], { cwd: folder, encoding: 'utf8' });
  return { code: done.status, lines: done.stdout.trim().split('\n'), errors: done.stderr };
}

describe('check-content', () => {
  it('passes what KaTeX and Mermaid read', () => {
    const { code, lines, errors } = check({
      'notes/a.md': '+++\nid = "a"\n+++\n\n缺页率 $\\frac34$，`$\\no$`，价 $5。\n\n$$\n\\text{页} \\times 2\n$$\n\n```mermaid\nflowchart LR\n  A[甲] --> B\n```\n',
      'q.toml': '# $\\nope$\nstem = "$2^{10}$ \\\\ 与 $\\\\log n$"\npython = "x = \'$\\\\nope$\'"\n',
    });
    expect(errors).toBe('');
    expect(lines).toEqual(['2 files, 4 formulas, 1 diagrams, 0 problems']);
    expect(code).toBe(0);
  }, 60_000);

  it('names the file and the line of each that it cannot read', () => {
    const { code, lines } = check({
      'notes/a.md': '+++\nid = "a"\n+++\n\n一行\n$\\nope$\n\n| a | b |\n|---|---|\n| 1 | $x^{2$ |\n\n$$\n\\frac{1}\n$$\n\n```mermaid\nflowchart LR\n  A --> \n```\n\n是 $x$2 个 $\n',
      'q.toml': "stem = '''\n行\n$\\left( x$\n'''\nchoices = { A = \"$\\\\frac1$\", B = \"1\" }\n",
    });
    expect(code).toBe(1);
    expect(lines.map((l) => /^(\S+:\d+): /.exec(l)?.[1] ?? l)).toEqual([
      'notes/a.md:6', 'notes/a.md:10', 'notes/a.md:12', 'notes/a.md:16', 'notes/a.md:21', 'q.toml:3', 'q.toml:5', '2 files, 5 formulas, 1 diagrams, 7 problems',
    ]);
  }, 60_000);
});
