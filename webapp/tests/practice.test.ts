import { describe, expect, it } from 'vitest';
import { leafOfQuote } from '../src/lib/notes';
import { renderInline, render } from '../src/lib/markdown/render';
import type { BankQuestion, QuestionKind, Verdict } from '../src/lib/types';
import { addressOf, wantedOf } from '../src/pages/practice/round.svelte';
import { Runner } from '../src/pages/practice/runner.svelte';
import { byLeaf } from '../src/pages/practice/tally';
import { clock } from '../src/lib/time';

function question(id: string, kind: QuestionKind = 'single', more: Partial<BankQuestion> = {}): BankQuestion {
  const choices: Record<string, string> = kind === 'single' ? { A: '1', B: '2', C: '3', D: '4' } : {};
  return { id, kind, syllabus: ['os.vm.lru'], difficulty: 2, stem: id, choices, points: 2, parts: [], ...more };
}
const verdict = (correct: boolean | null, more: Partial<Verdict> = {}): Verdict => ({ correct, key: 'B', explanation: '', trap: '', traps: {}, evidence: [], parts: [], ...more });

/** Marks `right` (by id) as right, and remembers what was sent. */
function marker(right: Record<string, string>) {
  const sent: [string, string, number][] = [];
  return { sent, mark: async (id: string, answer: string, seconds: number) => (sent.push([id, answer, seconds]), verdict(right[id] === answer)) };
}

describe('a round', () => {
  it('goes from the first question to the summary by keyboard', async () => {
    const m = marker({ q1: 'B', q2: '对' });
    const r = new Runner([question('q1'), question('q2', 'judge'), question('q3')], m.mark);
    expect(r.key('b')).toBe(true);
    expect(r.current.answer).toBe('B');
    r.tick(3);
    await r.enter();
    r.tick(5); // answered: its time stands still
    expect([r.index, r.current.outcome, m.sent]).toEqual([0, 'right', [['q1', 'B', 3]]]);
    expect(r.key('3')).toBe(false); // no second thoughts
    expect(r.current.answer).toBe('B');
    await r.enter();
    expect(r.index).toBe(1);
    expect(r.key('2')).toBe(true);
    expect(r.current.answer).toBe('错');
    await r.enter();
    await r.enter();
    expect([r.index, r.atEnd]).toEqual([2, true]);
    expect(r.key('4')).toBe(true);
    await r.enter();
    await r.enter();
    expect([r.finished, r.answered, r.right, r.earned, r.points, r.seconds]).toEqual([true, 3, 1, 2, 6, 3]);
    expect(r.wrong.map((i) => i.question.id)).toEqual(['q2', 'q3']);

    const again = r.redo();
    expect(again.items.map((i) => [i.question.id, i.answer, i.verdict])).toEqual([['q2', '', null], ['q3', '', null]]);
  });

  it('turns pages within its bounds, and a skipped question stays open', () => {
    const r = new Runner([question('q1'), question('q2')], marker({}).mark);
    expect(r.key('ArrowLeft')).toBe(true);
    expect(r.index).toBe(0);
    r.key('ArrowRight');
    r.key('ArrowRight');
    expect([r.index, r.finished]).toEqual([1, false]);
    r.finish();
    expect([r.answered, r.wrong.length, r.points]).toEqual([0, 0, 0]);
    expect(r.key('a')).toBe(false);
    r.seek(0);
    expect([r.index, r.finished]).toEqual([0, false]);
  });

  it('takes only keys of what can be chosen', () => {
    const r = new Runner([question('q1', 'single', { choices: { A: 'x', B: 'y' } }), question('q2', 'blank')], marker({}).mark);
    expect(['c', '3', '0', 'x', ' ', 'Tab'].map((k) => r.key(k))).toEqual(Array(6).fill(false));
    expect(r.current.answer).toBe('');
    r.seek(1);
    expect(r.key('1')).toBe(false);
  });

  it('submits nothing that is empty', async () => {
    const m = marker({});
    const r = new Runner([question('q1'), question('q2', 'blank')], m.mark);
    await r.enter();
    r.seek(1);
    r.current.answer = '  ';
    await r.enter();
    expect([m.sent, r.index]).toEqual([[], 1]);
    r.current.answer = ' 37 ';
    await r.enter();
    expect(m.sent).toEqual([['q2', '37', 0]]);
  });

  it('marks the question that was submitted, once, even when another is on the screen by then', async () => {
    let answer!: (v: Verdict) => void;
    let asked = 0;
    const r = new Runner([question('q1'), question('q2')], () => (asked++, new Promise((done) => (answer = done))));
    r.key('a');
    const first = r.enter();
    const second = r.enter();
    expect(r.key('b')).toBe(false);
    r.seek(1);
    answer(verdict(false));
    await Promise.all([first, second]);
    expect([asked, r.items.map((i) => i.outcome), r.items[0].answer]).toEqual([1, ['wrong', 'open'], 'A']);
  });

  it('keeps an answer whose marking failed', async () => {
    let broken = true;
    const r = new Runner([question('q1')], async () => {
      if (broken) throw new Error('连不上');
      return verdict(true);
    });
    r.key('b');
    await expect(r.enter()).rejects.toThrow('连不上');
    expect([r.current.answer, r.current.verdict, r.current.ready]).toEqual(['B', null, true]);
    broken = false;
    await r.enter();
    expect(r.current.outcome).toBe('right');
  });

  it('adds up what a learner grants for a big question', async () => {
    const parts = [{ prompt: 'a', points: 4 }, { prompt: 'b', points: 3 }];
    const keyed = [
      { ...parts[0], answer: 'x', rubric: [{ points: 1, text: 'r1' }, { points: 3, text: 'r2' }] },
      { ...parts[1], answer: 'y', rubric: [{ points: 3, text: 'r3' }] },
    ];
    const sent: string[] = [];
    const r = new Runner([question('big', 'big', { parts, points: 7 })], async (_id, answer) => (sent.push(answer), verdict(null, { parts: keyed })));
    expect(r.current.ready).toBe(true);
    r.current.written[1] = ' 答 ';
    await r.enter();
    expect(sent).toEqual(['（1）\n（2）答']);
    expect([r.earned, r.current.outcome]).toEqual([0, 'wrong']);
    r.current.granted[0][1] = true;
    r.current.granted[1][0] = true;
    expect([r.current.earnedOf(0), r.current.earnedOf(1), r.earned, r.points, r.right]).toEqual([3, 3, 6, 7, 0]);
    r.current.granted[0][0] = true;
    expect([r.earned, r.current.outcome, r.wrong]).toEqual([7, 'right', []]);
  });
});

describe('the address', () => {
  it('goes to what is wanted and back', () => {
    const wanted = { under: 'os.memory', pool: 'wrong', kind: 'judge', seed: '7', task: '' } as const;
    expect(addressOf(wanted)).toBe('/practice?under=os.memory&pool=wrong&kind=judge&seed=7');
    expect(wantedOf(new URL(addressOf(wanted), 'http://x').search)).toEqual(wanted);
    expect(wantedOf('?under=ds.tree.avl')).toEqual({ under: 'ds.tree.avl', pool: 'all', kind: '', seed: '', task: '' });
    expect(wantedOf('?pool=toString&kind=essay&seed=x')).toEqual({ under: '', pool: 'all', kind: '', seed: '', task: '' });
    expect(wantedOf(addressOf({ task: 'a1', pool: 'new' }).slice('/practice'.length))).toMatchObject({ task: 'a1', pool: 'all', seed: '' });
  });
});

describe('counts', () => {
  it('come from what is in each pool', () => {
    const [a, b, c] = [question('a'), question('b', 'single', { syllabus: ['os.vm.lru', 'os.vm.opt'] }), question('c')];
    const found = byLeaf({ all: [a, b, c], new: [c], wrong: [b] });
    expect(found.get('os.vm.lru')).toEqual({ total: 3, answered: 2, right: 1 });
    expect(found.get('os.vm.opt')).toEqual({ total: 1, answered: 1, right: 0 });
  });
  it('write seconds as minutes', () => expect([0, 59.9, 61, 3600].map(clock)).toEqual(['0:00', '0:59', '1:01', '1:00:00']));
});

describe('the book', () => {
  const note = '# 页面置换\n\n前言\n\n## LRU {#os.vm.lru}\n\n### 考点\n\n命中也更新。\n\n## OPT {#os.vm.opt}\n\n看将来。\n\n## 小结\n\n完。';
  it('leads from each leaf to its questions', () => {
    const html = render(note, { book: true }).blocks.join('');
    const hrefs = [...new DOMParser().parseFromString(html, 'text/html').querySelectorAll('section.leaf > .drill > a')].map((a) => a.getAttribute('href'));
    expect(hrefs).toEqual(['/practice?under=os.vm.lru', '/practice?under=os.vm.opt']);
    expect(render(note).blocks.join('') + renderInline('LRU')).not.toContain('/practice');
  });
  it('finds the leaf of a quote', () => {
    expect([leafOfQuote(note, '看将来。'), leafOfQuote(note, '前言'), leafOfQuote(note, '没有')]).toEqual(['os.vm.opt', '', '']);
  });
});
