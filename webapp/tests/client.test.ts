import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, call, query, sentence } from '../src/api/client';
import { Attachments } from '../src/pages/chat/attach.svelte';
import { toasts } from '../src/lib/toast.svelte';

const fetched = vi.fn();
const answers = (body: unknown, status = 200) => fetched.mockImplementation(async () => new Response(JSON.stringify(body), { status }));

beforeEach(() => {
  fetched.mockReset();
  toasts.list = [];
  vi.stubGlobal('fetch', fetched);
});

describe('a call by the description', () => {
  it('fills the path piece by piece, and leaves out what is not asked', async () => {
    answers({});
    await call('get', '/api/notes/{id}', { path: { id: 'os/死锁/a b' } });
    await call('get', '/api/runs/compare', { query: { first: '0/a&b', second: '0/c', format: undefined } });
    expect(fetched.mock.calls.map((c) => c[0])).toEqual([
      `/api/notes/os/${encodeURIComponent('死锁')}/a%20b`,
      '/api/runs/compare?first=0%2Fa%26b&second=0%2Fc',
    ]);
  });
  it('sends JSON where there is a body', async () => {
    answers({});
    await call('patch', '/api/settings', { body: { daily_minutes: 40 } });
    const [, sent] = fetched.mock.calls[0];
    expect([sent.method, sent.body, sent.headers['Content-Type']]).toEqual(['PATCH', '{"daily_minutes":40}', 'application/json']);
  });
  it('fails with the sentence of the server, and never with the words of a framework', async () => {
    answers({ error: '没有模型 "x"。' }, 400);
    await expect(call('delete', '/api/models/{id}', { path: { id: 'x' } })).rejects.toThrow('没有模型 "x"。');
    answers({ detail: 'Not Found' }, 404);
    const e = await call('get', '/api/benchmark').catch((x: unknown) => x);
    expect(e).toBeInstanceOf(ApiError);
    expect(sentence(e)).toBe('这个版本的服务还没有这项功能。');
  });
});

it('writes queries without what is empty', () => {
  expect(query({ q: '', a: 0, b: null, c: undefined, d: false, e: '中 文' })).toBe('?a=0&d=false&e=%E4%B8%AD+%E6%96%87');
  expect(query({})).toBe('');
});

describe('the files of a question', () => {
  const file = (name: string) => new File(['x'], name);
  const read = (name: string, text: string, note = '') => answers({ name, pages: [{ number: 0, text }], characters: text.length, note });

  it('are read, shown and sent once', async () => {
    const files = new Attachments();
    read('a.md', '甲');
    const adding = files.add([file('a.md')]);
    expect(files.reading).toBe(true);
    await adding;
    expect([files.reading, files.list.map((w) => w.name)]).toEqual([false, ['a.md']]);
    expect(files.take()).toEqual([{ name: 'a.md', pages: [{ number: 0, text: '甲' }] }]);
    expect(files.take()).toEqual([]);
  });
  it('are bounded in number and in length, and each refusal is said', async () => {
    const files = new Attachments();
    for (const name of ['1', '2', '3', '4', '5']) {
      read(name, '甲'.repeat(10));
      await files.add([file(name)]);
    }
    await files.add([file('6')]);
    expect(files.list.length).toBe(5);
    expect(toasts.list.at(-1)!.text).toContain('“6”没有加上');
    files.take();
    read('a', '甲'.repeat(40_000));
    await files.add([file('a')]);
    read('b', '乙'.repeat(30_000));
    await files.add([file('b')]);
    expect(files.list.map((w) => w.name)).toEqual(['a']);
    expect(toasts.list.at(-1)!.text).toContain('“b”没有加上');
  });
  it('that cannot be read leave a sentence and no chip', async () => {
    const files = new Attachments();
    answers({ error: "文件 'x.pdf' 里没有读出文字。" }, 400);
    await files.add([file('x.pdf')]);
    expect(files.list).toEqual([]);
    expect(toasts.list.at(-1)!.text).toBe("文件 'x.pdf' 里没有读出文字。");
  });
});
