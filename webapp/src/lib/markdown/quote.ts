/**
 * Marks a verbatim quote of the Markdown source in the rendered page. Both sides are reduced to their letters
 * first: the page has no asterisks, and a formula's TeX hides in its annotation.
 */

const NOISE = /[\s*_`~$|\\#<>[\](){}:：-]/;

interface Letter {
  char: string;
  node: Text | Element;
  at: number; // index in a text node; -1 for a formula as a whole
}

function letters(root: Element): Letter[] {
  const out: Letter[] = [];
  const walk = (node: Node): void => {
    if (node instanceof Text) {
      [...node.data].reduce((at, char) => {
        if (!NOISE.test(char)) out.push({ char, node, at });
        return at + char.length;
      }, 0);
    } else if (node instanceof Element) {
      if (node.classList.contains('katex')) {
        const tex = node.querySelector('annotation')?.textContent ?? '';
        for (const char of tex) if (!NOISE.test(char)) out.push({ char, node, at: -1 });
      } else if (!node.matches('button, .katex-html, script, style')) {
        node.childNodes.forEach(walk);
      }
    }
  };
  walk(root);
  return out;
}

/** Highlights the first place of `quote` under `root`; returns its first mark, or null if it isn't there. */
export function markQuote(root: Element, quote: string): HTMLElement | null {
  const wanted = [...quote].filter((c) => !NOISE.test(c));
  if (wanted.length === 0) return null;
  const have = letters(root);
  const start = have.map((l) => l.char).join('\u0000').indexOf(wanted.join('\u0000'));
  if (start === -1) return null;
  // Letters are joined by NUL, so letter k stands where k separators and the letters before it end.
  let first = 0;
  for (let at = 0; at < start; first += 1) at += have[first].char.length + 1;
  const hit = have.slice(first, first + wanted.length);

  let mark: HTMLElement | null = null;
  const spans = new Map<Text | Element, [number, number]>();
  for (const { node, at, char } of hit) {
    const span = spans.get(node);
    if (span) span[1] = at + char.length;
    else spans.set(node, [at, at + char.length]);
  }
  const nodes = [...spans.keys()];
  for (const [i, node] of nodes.entries()) {
    // Blanks at the seams of a quote that runs on belong to it.
    const from = i === 0 ? spans.get(node)![0] : 0;
    const to = i === nodes.length - 1 || !(node instanceof Text) ? spans.get(node)![1] : node.length;
    if (node.parentElement?.closest('mark')) {
      mark ??= node.parentElement.closest('mark'); // another quote has it already
    } else if (node instanceof Text) {
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, to);
      const el = document.createElement('mark');
      range.surroundContents(el);
      mark ??= el;
    } else {
      node.classList.add('marked');
      mark ??= node as HTMLElement;
    }
  }
  return mark;
}

export function unmark(root: Element): void {
  root.querySelectorAll('mark').forEach((m) => {
    const parent = m.parentElement!;
    m.replaceWith(...m.childNodes);
    parent.normalize(); // only here: Svelte keeps empty text nodes of its own elsewhere
  });
  root.querySelectorAll('.marked').forEach((m) => m.classList.remove('marked'));
}
