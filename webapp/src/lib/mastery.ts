/** Mastery as a picture: five levels, and 未测 where nothing is known. */
import type { Mastery, Node } from './review';

export const LEVELS = ['生疏', '欠缺', '一般', '较好', '熟练'] as const;

/** 0 to 4, or -1 where no answer bears on it. */
export const level = (m: Mastery): number => (m.n === 0 ? -1 : Math.min(4, Math.floor(5 * m.mean)));

export const percent = (share: number): string => `${Math.round(100 * share)}%`;

export const said = (m: Mastery): string => (m.n === 0 ? '还没有做过题' : `掌握 ${percent(m.mean)}（${percent(m.low)}～${percent(m.high)}），${m.n} 次作答`);

export interface Row {
  node: Node;
  leaves: Node[];
}

/** The chapters of a subject with their leaves, in the order of the syllabus. */
export function rows(nodes: Node[], subject: string): Row[] {
  const parents = new Set(nodes.map((n) => n.parent));
  return nodes
    .filter((n) => n.parent === subject)
    .map((node) => ({ node, leaves: nodes.filter((n) => n.id.startsWith(`${node.id}.`) && !parents.has(n.id)) }));
}
