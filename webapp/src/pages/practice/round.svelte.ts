/** The round in hand. It outlives the page, so that a look into the book loses no answer. */
import { api, sentence } from '../../lib/api';
import { toasts } from '../../lib/toast.svelte';
import type { Drawn, Pool, QuestionKind } from '../../lib/types';
import { Runner, type SelfMark } from './runner.svelte';

export interface Wanted {
  under: string;
  pool: Pool;
  kind: QuestionKind | '';
  seed: string;
  /** An assignment of a class, whose questions these are. */
  task: string;
}

export const KINDS: Record<QuestionKind, string> = { single: '单选', judge: '判断', blank: '填空', big: '综合' };
export const POOLS: Record<Pool, string> = { all: '随机', new: '没做过的', wrong: '错题本', due: '该复习的', weak: '薄弱考点', favourites: '收藏' };

/** A round is 10 questions; the notebook gives up to 20 at once. */
export const sizeOf = (pool: Pool): number => (pool === 'wrong' || pool === 'favourites' ? 20 : 10);

export function wantedOf(search: string): Wanted {
  const q = new URLSearchParams(search);
  const pool = q.get('pool') as Pool;
  const kind = q.get('kind') as QuestionKind;
  const seed = q.get('seed') ?? '';
  return { under: q.get('under') ?? '', pool: Object.hasOwn(POOLS, pool) ? pool : 'all', kind: Object.hasOwn(KINDS, kind) ? kind : '', seed: /^\d{1,10}$/.test(seed) ? seed : '', task: q.get('task') ?? '' };
}

export function addressOf({ under = '', pool = 'all', kind = '', seed = '', task = '' }: Partial<Wanted>): string {
  const q = new URLSearchParams();
  if (task) return `/practice?${new URLSearchParams({ task })}`;
  if (under) q.set('under', under);
  q.set('pool', pool);
  if (kind) q.set('kind', kind);
  if (seed) q.set('seed', seed);
  return `/practice?${q}`;
}

/** Tells the server; a failure is said, and hinders nothing. */
export const tellPoints: SelfMark = (id, points, answer, seconds) => api.selfMark(id, points, answer, seconds).catch((e) => toasts.show(`自评没有记下：${sentence(e)}`));

class Round {
  /** The address that shows it. */
  address = $state('');
  runner = $state.raw<Runner | null>(null);

  hold(address: string, drawn: Drawn): void {
    this.address = address;
    this.runner = new Runner(drawn.questions, api.answer, tellPoints);
  }

  redo(): void {
    if (this.runner) this.runner = this.runner.redo();
  }
}

export const round = new Round();
