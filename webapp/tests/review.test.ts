import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import QuestionTools from '../src/components/QuestionTools.svelte';
import Radar from '../src/components/Radar.svelte';
import type { Node, Plan, Task } from '../src/lib/review';
import type { BankQuestion, Verdict } from '../src/lib/types';
import { Runner } from '../src/pages/practice/runner.svelte';
import { level, rows, said } from '../src/lib/mastery';
import { today } from '../src/pages/review/today.svelte';

const node = (id: string, parent: string | null, more: Partial<Node> = {}): Node => ({ id, name: id, parent, marks: 1, mean: 0.5, low: 0.3, high: 0.7, n: 1, recall: 1, ...more });

describe('mastery', () => {
  it('has five levels, and none where nothing was answered', () => {
    expect([0, 0.199, 0.2, 0.5, 0.99, 1].map((mean) => level(node('a', null, { mean })))).toEqual([0, 0, 1, 2, 4, 4]);
    expect(level(node('a', null, { mean: 0.9, n: 0 }))).toBe(-1);
    expect(said(node('a', null, { n: 0 }))).toBe('还没有做过题');
    expect(said(node('a', null, { n: 3 }))).toBe('掌握 50%（30%～70%），3 次作答');
  });

  it('puts leaves of any depth under their chapter, and nothing else', () => {
    const tree = [node('os', null), node('os.mem', 'os'), node('os.mem.vm', 'os.mem'), node('os.mem.vm.lru', 'os.mem.vm'), node('os.mem.frag', 'os.mem'), node('os.memory', 'os'), node('os.memory.x', 'os.memory'), node('cn', null)];
    expect(rows(tree, 'os').map((r) => [r.node.id, r.leaves.map((l) => l.id)])).toEqual([
      ['os.mem', ['os.mem.vm.lru', 'os.mem.frag']],
      ['os.memory', ['os.memory.x']],
    ]);
  });

  it('is read out from the radar, unknown axes as such', () => {
    render(Radar, { caption: '各科', axes: [{ label: '网络', value: 0.255 }, { label: '操作系统', value: 0.4, unknown: true }, { label: '组成', value: 1 }] });
    expect(screen.getByRole('img').getAttribute('aria-label')).toBe('各科：网络 26%，操作系统 还不知道，组成 100%');
    expect(document.querySelectorAll('circle')).toHaveLength(2);
  });
});

const question = (id: string, more: Partial<BankQuestion> = {}): BankQuestion => ({ id, kind: 'single', syllabus: ['os.a'], difficulty: 3, stem: id, choices: { A: '1', B: '2' }, points: 2, parts: [], ...more });
const big = question('big', { kind: 'big', choices: {}, points: 7, parts: [{ prompt: '甲', points: 4 }, { prompt: '乙', points: 3 }] });
const key: Verdict = { correct: null, key: '', explanation: '', trap: '', traps: {}, evidence: [], parts: [{ prompt: '甲', points: 4, answer: '', rubric: [{ points: 1, text: '' }, { points: 3, text: '' }] }, { prompt: '乙', points: 3, answer: '', rubric: [{ points: 3, text: '' }] }] };

describe('marking oneself', () => {
  it('tells the points of a big question when the view leaves it, and again only when they change', async () => {
    const told: unknown[][] = [];
    const r = new Runner([big, question('q')], async () => key, (...of) => told.push(of));
    r.current.written = ['解', ''];
    r.tick(40);
    await r.enter();
    expect(told).toEqual([]); // nothing is told before the learner has looked
    r.current.granted[0][1] = true;
    r.next();
    expect(told).toEqual([['big', [3, 0], '（1）解\n（2）', 40]]);
    r.seek(0);
    r.seek(1);
    expect(told).toHaveLength(1);
    r.seek(0);
    r.current.granted[1][0] = true;
    r.finish();
    expect(told[1]).toEqual(['big', [3, 3], '（1）解\n（2）', 40]);
  });
});

describe('the plan in hand', () => {
  const head = { leaf: 'os.a', reason: 'new' as const, gain: 0.1, seconds: 60, recall: null, why: '没做过' };
  const tasks: Task[] = [
    { ...head, id: 'q1', kind: 'question', question: question('q1') },
    { ...head, id: 'card:1', kind: 'card', card: { id: 1, deck: '我的', front: '正', back: '反' } },
    { ...head, id: 'q2', kind: 'question', question: question('q2') },
  ];
  it('goes through questions and cards, and remembers what became of each', () => {
    today.start({ budget: 10, minutes: 3, gain: 0.3, due: 0, left_over: 0, horizon: { days: 9, note: '' }, tasks } satisfies Plan);
    expect([today.task?.id, today.runner?.current.question.id, today.going]).toEqual(['q1', 'q1', false]);
    today.pass('right');
    expect([today.task?.id, today.runner, today.going]).toEqual(['card:1', null, true]);
    today.pass('wrong');
    today.pass('skipped');
    expect([today.task, today.going, today.count('right'), today.count('wrong'), today.count('skipped')]).toEqual([undefined, false, 1, 1, 1]);
    today.end();
    expect(today.plan).toBe(null);
  });
});

describe('what one does with a question', () => {
  let calls: string[];
  beforeEach(() => {
    calls = [];
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      calls.push(`${init.method} ${url} ${init.body ?? ''}`.trim());
      return new Response(url.endsWith('/favourites') ? '[]' : url.endsWith('/note') && init.method === 'GET' ? '{"text":"旧","updated_at":"x"}' : '{}');
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  it('is to keep it, to note something, to report an error', async () => {
    render(QuestionTools, { id: 'os-1' });
    await screen.findByText('旧');
    await fireEvent.click(screen.getByText('收藏'));
    await screen.findByText('已收藏');
    await fireEvent.click(screen.getByText('改笔记'));
    await fireEvent.input(screen.getByLabelText('这道题的笔记'), { target: { value: ' 新 ' } });
    await fireEvent.click(screen.getByText('保存'));
    await screen.findByText('新');
    await fireEvent.click(screen.getByText('报错'));
    expect(screen.getByText<HTMLButtonElement>('记下').disabled).toBe(true);
    await fireEvent.click(screen.getByText('题干'));
    await fireEvent.input(screen.getByLabelText('错在哪里'), { target: { value: '少了条件' } });
    await fireEvent.click(screen.getByText('记下'));
    await waitFor(() => expect(calls.at(-1)).toBe('POST /api/questions/os-1/report {"part":"stem","text":"少了条件"}'));
    expect(calls).toContain('PUT /api/favourites/os-1');
    expect(calls).toContain('PUT /api/questions/os-1/note {"text":"新"}');
    await fireEvent.click(screen.getByText('改笔记'));
    await fireEvent.input(screen.getByLabelText('这道题的笔记'), { target: { value: '' } });
    await fireEvent.click(screen.getByText('删除笔记'));
    await waitFor(() => expect(calls.at(-1)).toBe('DELETE /api/questions/os-1/note'));
  });
});
