const latin = /[A-Za-z0-9)]/;

/** Chinese around a name, with a blank where the name begins or ends in Latin letters. */
function spaced(before: string, name: string, after: string): string {
  return `${before}${before && latin.test(name[0]) ? ' ' : ''}${name}${latin.test(name.at(-1)!) ? ' ' : ''}${after}`;
}

/** What to ask next, from the points that the answer came from. */
import type { Leaf } from '../../lib/types';
import type { AnswerState } from './answer';

export function suggest(answer: AnswerState, leaves: Map<string, Leaf>): string[] {
  const result = answer.result;
  if (!result || result.refused) return [];
  const anchors = [...result.citations, ...answer.passages].map((c) => c.anchor).filter((a) => !!a) as string[];
  const points = [...new Set(anchors)].map((a) => leaves.get(a)?.name).filter((n) => n !== undefined);
  if (points.length === 0) return [];
  const [a, b] = points;
  const out = [spaced('', a, '有哪些易错点？'), spaced('举一个', a, '的例题')];
  if (b) out.push(spaced(spaced('', a, '和'), b, '有什么联系与区别？'));
  return out;
}
