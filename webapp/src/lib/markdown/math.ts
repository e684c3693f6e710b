/** Formulas for markdown-it: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`, never inside code. */
import type MarkdownIt from 'markdown-it';

const PAIRS: { open: string; close: string; display: boolean }[] = [
  { open: '$$', close: '$$', display: true },
  { open: '\\[', close: '\\]', display: true },
  { open: '\\(', close: '\\)', display: false },
  { open: '$', close: '$', display: false },
];

/** Where `close` next stands, backslash-escaped dollars skipped; -1 if nowhere. */
function findClose(src: string, from: number, close: string): number {
  for (let i = src.indexOf(close, from); i !== -1; i = src.indexOf(close, i + 1)) {
    if (close.startsWith('\\') || src[i - 1] !== '\\') return i;
  }
  return -1;
}

export function math(md: InstanceType<typeof MarkdownIt>): void {
  md.inline.ruler.before('escape', 'math', (state, silent) => {
    const { src, pos } = state;
    const c = src[pos];
    if (c !== '$' && c !== '\\') return false;
    const pair = PAIRS.find((p) => src.startsWith(p.open, pos));
    if (!pair) return false;
    const start = pos + pair.open.length;
    const end = findClose(src, start, pair.close);
    if (end === -1 || end >= state.posMax) return false;
    const tex = src.slice(start, end);
    if (!tex.trim()) return false;
    if (pair.open === '$') {
      // “$5 和 $6” is money: a formula has no blank just inside, and no digit right after.
      if (/^\s|\s$/.test(tex) || /\n\s*\n/.test(tex) || /\d/.test(src[end + 1] ?? '')) return false;
    }
    if (!silent) {
      const token = state.push('math', 'span', 0);
      token.content = tex.trim();
      token.meta = { display: pair.display };
    }
    state.pos = end + pair.close.length;
    return true;
  });

  // A display formula on lines of its own may hold blank lines and lines that look like lists or headings.
  md.block.ruler.before(
    'fence',
    'math_block',
    (state, startLine, endLine, silent) => {
      const first = state.src.slice(state.bMarks[startLine] + state.tShift[startLine], state.eMarks[startLine]);
      const pair = PAIRS.find((p) => p.display && first.startsWith(p.open));
      if (!pair || state.sCount[startLine] - state.blkIndent >= 4) return false;
      let line = startLine;
      let text = first.slice(pair.open.length);
      for (;;) {
        const end = findClose(text, 0, pair.close);
        if (end !== -1) {
          if (text.slice(end + pair.close.length).trim()) return false; // words follow: the inline rule's case
          text = text.slice(0, end);
          break;
        }
        line += 1;
        if (line >= endLine || state.sCount[line] < state.blkIndent) return false;
        text += '\n' + state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
      }
      if (!text.trim()) return false;
      if (silent) return true;
      state.line = line + 1;
      const token = state.push('math', 'div', 0);
      token.block = true;
      token.content = text.trim();
      token.meta = { display: true };
      token.map = [startLine, state.line];
      return true;
    },
    { alt: ['paragraph', 'reference', 'blockquote', 'list'] },
  );
}
