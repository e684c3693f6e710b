/** The HTTP API (docs/reference/http.md), typed. Every failure is an `ApiError` whose message is one sentence. */
import { server } from './server.svelte';
import { readEvents, type ServerEvent } from './sse';
import type * as T from './types';

export type * from './types';

export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

const LOST = '连不上本机的服务。文字没有丢，服务恢复后再试一次。';

/** One sentence for whatever was thrown. */
export function sentence(e: unknown): string {
  if (e instanceof ApiError) return e.message;
  if (e instanceof Error && e.name === 'TimeoutError') return '服务太久没有回应，请再试一次。';
  return '页面出了错，请刷新后再试。';
}

async function send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(`/api${path}`, {
      method,
      signal,
      headers: body === undefined || body instanceof FormData ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined || body instanceof FormData ? body : JSON.stringify(body),
    });
  } catch (e) {
    if (e instanceof DOMException && (e.name === 'AbortError' || e.name === 'TimeoutError')) throw e;
    server.lose();
    throw new ApiError(LOST, 0);
  }
  server.found();
  if (!answer.ok) {
    const said = await answer.json().catch(() => null);
    const text = typeof said?.error === 'string' ? said.error : typeof said?.detail === 'string' ? said.detail : '';
    const ours = /\p{Script=Han}/u.test(text); // a framework's own words are not for the reader
    const plain = answer.status === 404 || answer.status === 405 ? '这个版本的服务还没有这项功能。' : `服务报告了错误（${answer.status}），请再试一次。`;
    throw new ApiError(ours ? text : plain, answer.status);
  }
  return answer;
}

export async function json<R>(method: string, path: string, body?: unknown, timeout = 30_000): Promise<R> {
  return (await send(method, path, body, AbortSignal.timeout(timeout))).json();
}

/** Sends a file as a form; a large one takes its time. */
export function upload<R>(path: string, file: File): Promise<R> {
  const form = new FormData();
  form.set('file', file);
  return json('POST', path, form, 600_000);
}

export const part = encodeURIComponent;
const notepath = (id: string) => id.split('/').map(part).join('/');
export function query(values: Record<string, string | number | undefined>): string {
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(values)) if (v !== undefined && v !== '') q.set(k, String(v));
  return q.size ? `?${q}` : '';
}

/**
 * Reads a stream of events until it ends. A server that says nothing for `silence` ms (it pings every 15 s) is
 * given up, so that nothing spins for ever.
 */
export async function* stream(path: string, body: unknown, signal: AbortSignal, silence = 60_000, method: 'GET' | 'POST' = 'POST'): AsyncGenerator<ServerEvent> {
  const watch = new AbortController();
  let timer = setTimeout(() => watch.abort(), silence);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => watch.abort(), silence);
  };
  try {
    const answer = await send(method, path, body, AbortSignal.any([signal, watch.signal]));
    if (!answer.body) throw new ApiError('这个浏览器不支持流式回答，请换一个较新的浏览器。', 0);
    yield* readEvents(answer.body, alive);
  } catch (e) {
    if (signal.aborted || e instanceof ApiError) throw e;
    if (watch.signal.aborted) throw new ApiError('服务一分钟没有动静，这次回答中断了。请重试。', 0);
    server.lose();
    throw new ApiError('与服务的连接中途断了。请在服务恢复后重试。', 0);
  } finally {
    clearTimeout(timer);
  }
}

// The syllabus and the lists below don't change while the app is open: one request each.
const kept = new Map<string, Promise<unknown>>();
function once<R>(path: string): Promise<R> {
  let p = kept.get(path) as Promise<R> | undefined;
  if (!p) {
    p = json<R>('GET', path);
    p.catch(() => kept.delete(path));
    kept.set(path, p);
  }
  return p;
}

export const api = {
  status: () => json<T.Status>('GET', '/status', undefined, 8_000),
  warm: () => json<object>('POST', '/warm', {}),

  models: () => json<T.Model[]>('GET', '/models'),
  selectModel: (id: string) => json<object>('POST', `/models/${part(id)}/select`, {}),
  deleteModel: (id: string) => json<object>('DELETE', `/models/${part(id)}`),
  pullModel: (id: string, signal: AbortSignal) => stream(`/models/${part(id)}/pull`, {}, signal),

  ask: (body: T.AskBody, signal: AbortSignal) => stream('/ask', body, signal),

  conversations: (q = '') => json<T.ConversationHead[]>('GET', `/conversations${query({ q })}`),
  conversation: (id: string) => json<T.Conversation>('GET', `/conversations/${part(id)}`),
  rename: (id: string, title: string) => json<object>('PATCH', `/conversations/${part(id)}`, { title }),
  remove: (id: string) => json<object>('DELETE', `/conversations/${part(id)}`),
  restore: (id: string) => json<object>('POST', `/conversations/${part(id)}/restore`, {}),
  cutMessages: (id: string, from: string | number) => json<object>('DELETE', `/conversations/${part(id)}/messages/${part(String(from))}`),

  syllabus: () => once<T.Leaf[]>('/syllabus'),
  notes: () => once<T.NoteHead[]>('/notes'),
  note: (id: string) => once<T.Note>(`/notes/${notepath(id)}`),
  search: (q: string, subject = '', limit = 20) => json<T.Hit[]>('GET', `/search${query({ q, subject, limit })}`),

  solvers: () => once<T.SolverHead[]>('/solvers'),
  solver: (id: string) => once<T.Solver>(`/solvers/${part(id)}`),
  solve: (id: string, args: T.Args) => json<T.Solved>('POST', `/solvers/${part(id)}`, args),
  generate: (id: string, difficulty: number) => json<T.Question>('POST', `/solvers/${part(id)}/generate`, { difficulty }),
  understand: (question: string) => json<T.Understood>('POST', '/solve', { question }, 120_000),

  questions: (of: { under?: string; pool?: T.Pool; kind?: T.QuestionKind | ''; limit?: number; seed?: string }) => json<T.Drawn>('GET', `/questions${query(of)}`),
  answer: (id: string, answer: string, seconds: number) => json<T.Verdict>('POST', `/questions/${part(id)}/answer`, { answer, seconds }),
  selfMark: (id: string, points: number[], answer: string, seconds: number) => json<{ score: number }>('POST', `/questions/${part(id)}/self-mark`, { points, answer, seconds }),
  practiceSummary: () => json<T.PracticeSummary>('GET', '/practice/summary'),
};
