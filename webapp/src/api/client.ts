/** The HTTP API, typed by path from the program's own description (`npm run api`). Every failure is an `ApiError`. */
import { me } from '../lib/me.svelte';
import { server } from '../lib/server.svelte';
import { readEvents, type ServerEvent } from '../lib/sse';
import type { components, paths } from './schema';

/** A shape of the API by its name. */
export type Shape<N extends keyof components['schemas']> = components['schemas'][N];

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Path<M extends Method> = { [P in keyof paths]: paths[P][M] extends object ? P : never }[keyof paths];
type Json<T> = T extends { content: { 'application/json': infer J } } ? J : never;
type Part<T, K extends string> = T extends { parameters: { [N in K]?: infer V } } ? (V extends object ? V : undefined) : undefined;
type Body<T> = T extends { requestBody: infer B } ? Json<B> : undefined;
type Answer<T> = T extends { responses: { 200: infer R } } ? Json<R> : never;

type Filled<P extends string> = P extends `${infer A}{${string}}${infer B}` ? `${A}${string}${Filled<B>}` : P;
/** An address of the API below `/api`, its parameters filled in, with a query or without. */
export type Url = { [P in keyof paths]: P extends `/api${infer R}` ? Filled<R> | `${Filled<R>}?${string}` : never }[keyof paths];

export interface Call<T> {
  path?: Part<T, 'path'>;
  query?: Part<T, 'query'>;
  body?: Body<T>;
  timeout?: number;
}

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

async function reach(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = {};
  if (body !== undefined && !(body instanceof FormData)) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && me.csrf) headers['X-A408-CSRF'] = me.csrf;
  try {
    return await fetch(`/api${path}`, { method, signal, headers, body: body === undefined || body instanceof FormData ? body : JSON.stringify(body) });
  } catch (e) {
    if (e instanceof DOMException && (e.name === 'AbortError' || e.name === 'TimeoutError')) throw e;
    server.lose();
    throw new ApiError(me.accounts ? LOST.replace('本机的', '') : LOST, 0);
  }
}

async function send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  let answer = await reach(method, path, body, signal);
  if (answer.status === 403 && (await me.renewed())) answer = await reach(method, path, body, signal);
  if (answer.status === 401) me.lose();
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

/** One request by the description: path parameters, query, body and answer have its types. */
export function call<M extends Method, P extends Path<M>>(method: M, path: P, what: Call<paths[P][M]> = {}): Promise<Answer<paths[P][M]>> {
  const filled = path.replace('/api', '').replace(/\{(\w+)\}/g, (_, name) => String((what.path as Record<string, unknown>)[name]).split('/').map(part).join('/'));
  return json(method.toUpperCase(), `${filled}${query((what.query ?? {}) as Values)}` as Url, what.body, what.timeout);
}

/** One request whose answer the description doesn't give in full: the caller says what it is. */
export async function json<R>(method: string, path: Url, body?: unknown, timeout = 30_000): Promise<R> {
  return (await send(method, path, body, AbortSignal.timeout(timeout))).json();
}

/** Sends a file as a form; a large one takes its time. */
export function upload<R>(path: Url, file: File): Promise<R> {
  const form = new FormData();
  form.set('file', file);
  return json('POST', path, form, 600_000);
}

export const part = encodeURIComponent;
type Values = Record<string, string | number | boolean | null | undefined>;
export function query(values: Values): '' | `?${string}` {
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(values)) if (v !== undefined && v !== null && v !== '') q.set(k, String(v));
  return q.size ? `?${q}` : '';
}

/**
 * Reads a stream of events until it ends. A server that says nothing for `silence` ms (it pings every 15 s) is
 * given up, so that nothing spins for ever.
 */
export async function* stream(path: Url, body: unknown, signal: AbortSignal, silence = 60_000, method: 'GET' | 'POST' = 'POST'): AsyncGenerator<ServerEvent> {
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

