/** KaTeX and highlight.js, fetched when a text first needs them. */
import type { Engines } from './render';

export const engines: Engines = {};
let katex: Promise<void> | undefined;
let highlight: Promise<void> | undefined;

const hasMath = (text: string) => /\$|\\\(|\\\[/.test(text);
const hasCode = (text: string) => /```|~~~/.test(text);

export const ready = (text: string): boolean => (!hasMath(text) || !!engines.katex) && (!hasCode(text) || !!engines.highlight);

/** Resolves when what `text` needs is there; a chunk that can't be fetched leaves plain text. */
export async function load(text: string): Promise<void> {
  const wanted: Promise<void>[] = [];
  if (hasMath(text)) wanted.push((katex ??= import('./katex').then((m) => void (engines.katex = m.default))));
  if (hasCode(text)) wanted.push((highlight ??= import('./highlight').then((m) => void (engines.highlight = m.highlight))));
  await Promise.allSettled(wanted);
}
