/** One answer while it streams: a pure reducer over the events of /api/ask. */
import { sectionOf } from '../../lib/notes';
import type { Answer, Citation, Passage, Solved } from '../../lib/types';
import type { ServerEvent } from '../../lib/sse';

export interface AnswerState {
  phase: 'waiting' | 'streaming' | 'done' | 'stopped' | 'failed';
  passages: Passage[];
  searchMs: number | null;
  solver: Solved | null;
  status: string;
  /** Checked text, with its citation marks. */
  committed: string;
  /** Provisional text after it: replaced by the next commit. */
  tail: string;
  result: Answer | null;
  error: string;
}

export const emptyAnswer = (): AnswerState => ({
  phase: 'waiting',
  passages: [],
  searchMs: null,
  solver: null,
  status: '',
  committed: '',
  tail: '',
  result: null,
  error: '',
});

export function reduce(state: AnswerState, { event, data }: ServerEvent): AnswerState {
  switch (event) {
    case 'passages':
      return { ...state, passages: data.passages, searchMs: data.ms ?? null };
    case 'solver':
      return { ...state, solver: data };
    case 'status':
      return { ...state, status: data.text };
    case 'token':
      return { ...state, phase: 'streaming', status: '', tail: state.tail + data.text };
    case 'commit':
      return { ...state, phase: 'streaming', status: '', committed: state.committed + data.text, tail: '' };
    case 'done':
      return { ...fromResult(data), passages: state.passages, searchMs: state.searchMs, solver: data.solver ? { ...state.solver, ...data.solver } : state.solver };
    case 'error':
      return { ...state, phase: 'failed', status: '', error: data.error };
    default:
      return state;
  }
}

/** The end of the stream without `done` or `error`. */
export function ended(state: AnswerState, how: 'stopped' | 'failed', error = ''): AnswerState {
  if (state.phase === 'done' || state.phase === 'failed') return state;
  return { ...state, phase: how, status: '', error };
}

/** An answer that was kept by the server. */
export function fromResult(result: Answer): AnswerState {
  return {
    ...emptyAnswer(),
    phase: 'done',
    passages: result.passages ?? firstOfEach(result.citations).map((c) => ({ anchor: null, ...c, text: c.text ?? '' })),
    solver: result.solver,
    committed: result.answer,
    result,
  };
}

/** A piece that was kept when the reader stopped it. */
export const fromText = (text: string): AnswerState => ({ ...emptyAnswer(), phase: 'stopped', committed: text.replace(/（已停止）$/, '') });

const firstOfEach = (citations: Citation[]) => citations.filter((c, i) => citations.findIndex((d) => d.n === c.n) === i);

/** What the page draws: marks in the provisional tail aren't verified yet, and a half-written one would flicker. */
export function visibleText(state: AnswerState): string {
  return state.committed + state.tail.replace(/\[\d{0,2}\]?$|\[\d{1,2}\]/g, '');
}

/** Numbers that may be opened: the verified ones once the answer is done, every passage before. */
export function citable(state: AnswerState): number[] {
  return [...new Set((state.result?.citations ?? state.passages).map((c) => c.n))];
}

export type Source = Passage & { quotes: string[] };

/** The passage of number n with the quotes that bear the answer out; before the answer is done, its own key sentence. */
export function source(state: AnswerState, n: number): Source | undefined {
  const passage = state.passages.find((p) => p.n === n);
  const cited = state.result?.citations.filter((c) => c.n === n) ?? [];
  if (!cited.length) return passage && { ...passage, quotes: [passage.quote] };
  return { anchor: passage?.anchor ?? null, ...cited[0], text: passage?.text || cited[0].text || '', quotes: cited.map((c) => c.quote) };
}

export function asMarkdown(state: AnswerState): string {
  const lines = [state.result?.answer ?? state.committed + state.tail];
  const cited = state.result?.citations ?? [];
  if (cited.length) {
    lines.push('', '出处：');
    for (const c of cited) lines.push(`- [${c.n}] 《${c.title}》${sectionOf(c) ? ` ${sectionOf(c)}` : ''}${c.page ? `，第 ${c.page} 页` : ''}：“${c.quote.replace(/\s+/g, ' ')}”`);
  }
  return lines.join('\n');
}
