/** What the pages ask for. The wire and its errors: api/client.ts; the shapes: api/schema.d.ts, and types.ts where they are not yet described. */
import { call, json, part, query, stream } from '../api/client';
import type * as T from './types';

export { ApiError, json, part, query, sentence, stream, upload } from '../api/client';
export type * from './types';

// The syllabus and the lists below don't change while the app is open: one request each.
const kept = new Map<string, Promise<unknown>>();
function once<R>(key: string, ask: () => Promise<R>): Promise<R> {
  let p = kept.get(key) as Promise<R> | undefined;
  if (!p) {
    p = ask();
    p.catch(() => kept.delete(key));
    kept.set(key, p);
  }
  return p;
}

export const api = {
  status: () => call('get', '/api/status', { timeout: 8_000 }),
  warm: () => call('post', '/api/warm'),

  models: () => call('get', '/api/models'),
  selectModel: (id: string) => call('post', '/api/models/{id}/select', { path: { id } }),
  deleteModel: (id: string) => call('delete', '/api/models/{id}', { path: { id } }),
  pullModel: (id: string, signal: AbortSignal) => stream(`/models/${part(id)}/pull`, {}, signal),

  ask: (body: T.AskBody, signal: AbortSignal) => stream('/ask', body, signal),

  conversations: (q = '') => json<T.ConversationHead[]>('GET', `/conversations${query({ q })}`),
  conversation: (id: string) => json<T.Conversation>('GET', `/conversations/${part(id)}`),
  rename: (id: string, title: string) => call('patch', '/api/conversations/{id}', { path: { id }, body: { title } }),
  remove: (id: string) => call('delete', '/api/conversations/{id}', { path: { id } }),
  restore: (id: string) => call('post', '/api/conversations/{id}/restore', { path: { id } }),
  cutMessages: (id: string, message: string | number) => call('delete', '/api/conversations/{id}/messages/{message}', { path: { id, message: Number(message) } }),

  syllabus: () => once('syllabus', () => call('get', '/api/syllabus')),
  notes: () => once('notes', () => call('get', '/api/notes')),
  note: (id: string) => once(`note ${id}`, () => call('get', '/api/notes/{id}', { path: { id } })),
  search: (q: string, limit = 20) => call('get', '/api/search', { query: { q, limit } }),

  solvers: () => once('solvers', () => json<T.SolverHead[]>('GET', '/solvers')),
  solver: (id: string) => once(`solver ${id}`, () => json<T.Solver>('GET', `/solvers/${part(id)}`)),
  solve: (id: string, args: T.Args) => json<T.Solved>('POST', `/solvers/${part(id)}`, args),
  generate: (id: string, difficulty: number) => json<T.Question>('POST', `/solvers/${part(id)}/generate`, { difficulty }),
  understand: (question: string) => json<T.Understood>('POST', '/solve', { question }, 120_000),

  questions: (of: { under?: string; pool?: T.Pool; kind?: T.QuestionKind | ''; limit?: number; seed?: string }) => json<T.Drawn>('GET', `/questions${query(of)}`),
  answer: (id: string, answer: string, seconds: number) => json<T.Verdict>('POST', `/questions/${part(id)}/answer`, { answer, seconds }),
  selfMark: (id: string, points: number[], answer: string, seconds: number) => json<{ score: number }>('POST', `/questions/${part(id)}/self-mark`, { points, answer, seconds }),
  practiceSummary: () => json<T.PracticeSummary>('GET', '/practice/summary'),
};
