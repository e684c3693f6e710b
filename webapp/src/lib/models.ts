/** Models over HTTP: this machine's speed, the /v1 server, fine-tuning and evaluation runs. */
import { call, stream, type Shape } from '../api/client';

export type Benchmark = Shape<'Benchmark'>;
export type Rate = Shape<'Rate'>;
export type Connection = Shape<'Connection'>;
export type ServerForm = Shape<'Server'>;
export type Run = Shape<'Run'>;
export type RunView = Shape<'RunView'>;
export type Score = Shape<'Score'>;
export type Comparison = Shape<'Comparison'>;

/** A step of the test of a server, as the stream tells it. */
export interface TestStep {
  name: 'address' | 'reach' | 'model' | 'answer';
  ok: boolean;
  text: string;
  ms: number | null;
  models: string[];
}

export const machine = {
  last: () => call('get', '/api/benchmark'),
  measure: (signal: AbortSignal) => stream('/benchmark', {}, signal),
};

export const link = {
  now: () => call('get', '/api/server'),
  test: (body: ServerForm, signal: AbortSignal) => stream('/server/test', body, signal),
  connect: (body: ServerForm) => call('put', '/api/server', { body }),
  leave: () => call('delete', '/api/server'),
};

export const runs = {
  all: () => call('get', '/api/runs'),
  folders: () => call('get', '/api/runs/folders'),
  one: (id: string) => call('get', '/api/runs/{id}', { path: { id } }),
  compare: (first: string, second: string) => call('get', '/api/runs/compare', { query: { first, second } }),
};

export const percent = (share: number | null | undefined): string => (share == null ? '—' : `${(100 * share).toFixed(1)}%`);
