import { beforeEach, describe, expect, it, vi } from 'vitest';
import { json } from '../src/api/client';
import { csv, overdue } from '../src/lib/classes';
import { me, type Me } from '../src/lib/me.svelte';
import { load, save } from '../src/lib/store';

const MING: Me = { accounts: true, user: { id: 'u1', name: '小明', role: 'student' }, csrf: 'first', setup: false };
const fetched = vi.fn();
const answer = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const headers = (n: number) => fetched.mock.calls[n][1].headers as Record<string, string>;

beforeEach(() => {
  fetched.mockReset();
  localStorage.clear();
  vi.stubGlobal('fetch', fetched);
});

describe('the token', () => {
  beforeEach(() => me.take(MING));

  it('goes with what changes anything, and with nothing else', async () => {
    fetched.mockImplementation(async () => answer({}));
    await json('GET', '/status');
    await json('POST', '/warm', {});
    expect([headers(0)['X-A408-CSRF'], headers(1)['X-A408-CSRF']]).toEqual([undefined, 'first']);
  });
  it('is asked for again when another tab has changed it, and the request goes once more', async () => {
    fetched.mockImplementation(async (url: string, what: { headers: Record<string, string> }) => {
      if (url === '/api/me') return answer({ ...MING, csrf: 'second' });
      return what.headers['X-A408-CSRF'] === 'second' ? answer({ ok: true }) : answer({ error: '校验码已经过期。' }, 403);
    });
    expect(await json('POST', '/warm', {})).toEqual({ ok: true });
    expect(fetched).toHaveBeenCalledTimes(3);
  });
  it('is not to blame where the role is', async () => {
    fetched.mockImplementation(async (url: string) => (url === '/api/me' ? answer(MING) : answer({ error: '只有老师能用。' }, 403)));
    await expect(json('POST', '/teaching/classes', {})).rejects.toThrow('只有老师能用。');
    expect(fetched).toHaveBeenCalledTimes(2);
  });
});

describe('a session', () => {
  it('that has ended shows the door, and what was typed stays for the same person', async () => {
    me.take(MING);
    save('draft', '写了一半');
    fetched.mockImplementation(async () => answer({ error: '还没有登录，请先登录。' }, 401));
    await expect(json('GET', '/status')).rejects.toThrow('还没有登录');
    expect([me.out, me.user, me.csrf]).toEqual([true, null, '']);
    fetched.mockImplementation(async () => answer({ version: '1', model: { state: 'ready' } }));
    me.take(MING);
    expect([me.out, load('draft', '')]).toEqual([false, '写了一半']);
  });
  it('allows by rank; a program of one user has none', () => {
    me.take({ ...MING, user: { id: 'u1', name: '李', role: 'teacher' } });
    expect([me.may('student'), me.may('teacher'), me.may('admin')]).toEqual([true, true, false]);
    me.take({ accounts: false, user: null, csrf: null, setup: false });
    expect([me.may('admin'), me.out]).toEqual([true, false]);
  });
});

describe('results as a spreadsheet', () => {
  it('quotes what has commas, quotes and lines, and lets no name be a formula', () => {
    expect(csv([['学生', '得分'], ['=HYPERLINK("x")', 3], ['a,b', -2]])).toBe('\ufeff学生,得分\r\n"\'=HYPERLINK(""x"")",3\r\n"a,b",-2\r\n');
  });
  it('knows what is overdue', () => {
    const now = Date.parse('2026-11-24T12:00:00Z');
    expect([overdue(null, now), overdue('2026-11-24T20:00:00+08:00', now), overdue('2026-11-24T19:59:59+08:00', now)]).toEqual([false, false, true]);
  });
});
