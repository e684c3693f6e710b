/** Counts below a chapter, which the summary doesn't give: from what is in each pool. */
import { api } from '../../lib/api';
import type { BankQuestion, Pool, QuestionKind, Tally } from '../../lib/types';

type Counted = Extract<Pool, 'all' | 'new' | 'wrong'>;
export type Totals = Record<Counted, number>;

export function tallyOf({ all, new: fresh, wrong }: Totals): Tally {
  return { total: all, answered: all - fresh, right: all - fresh - wrong };
}

/** How many questions there are in each pool. */
export async function totals(under: string, kind: QuestionKind | '' = ''): Promise<Totals> {
  const [all, fresh, wrong] = await Promise.all((['all', 'new', 'wrong'] as const).map((pool) => api.questions({ under, pool, kind, limit: 1 })));
  return { all: all.total, new: fresh.total, wrong: wrong.total };
}

/** A question counts for each leaf that it belongs to. */
export function byLeaf(pools: Record<Counted, BankQuestion[]>): Map<string, Tally> {
  const counted = new Map<string, Totals>();
  for (const pool of ['all', 'new', 'wrong'] as const) {
    for (const leaf of pools[pool].flatMap((q) => q.syllabus)) {
      const row = counted.get(leaf) ?? { all: 0, new: 0, wrong: 0 };
      row[pool] += 1;
      counted.set(leaf, row);
    }
  }
  return new Map([...counted].map(([leaf, row]) => [leaf, tallyOf(row)]));
}

const MOST = 100; // questions that one request gives

/** The tallies of a chapter's leaves. */
export async function leafTallies(chapter: string, leaves: string[]): Promise<Map<string, Tally>> {
  const [all, fresh, wrong] = await Promise.all((['all', 'new', 'wrong'] as const).map((pool) => api.questions({ under: chapter, pool, limit: MOST })));
  if (all.total <= MOST) return byLeaf({ all: all.questions, new: fresh.questions, wrong: wrong.questions });
  return new Map(await Promise.all(leaves.map(async (leaf) => [leaf, tallyOf(await totals(leaf))] as const)));
}
