import { describe, expect, it } from 'vitest';
import type { Change, ExamHead, ExamView } from '../src/lib/exams';
import { clock } from '../src/lib/time';
import { Sheet, type Pending } from '../src/pages/exam/sheet.svelte';

const choices = { A: '1', B: '2', C: '3', D: '4' };
const head: ExamHead = { id: 'x', title: '卷', source: 'assembled', state: 'running', points: 16, questions: 3, minutes: 10, left_s: 600, created_at: '', started_at: '', closed_at: null, timed_out: false, continuous: true };
function view(more: Partial<ExamView> = {}): ExamView {
  const items: ExamView['items'] = [
    { number: 1, subject: 'ds', points: 2, kind: 'single', stem: '一', choices, parts: [] },
    { number: 2, subject: 'os', points: 2, kind: 'single', stem: '二', choices, parts: [] },
    { number: 3, subject: 'cn', points: 12, kind: 'big', stem: '三', choices: {}, parts: [{ prompt: '甲', points: 6 }, { prompt: '乙', points: 6 }] },
  ];
  return { ...head, items, answers: [], flags: [], item: null, seq: 0, ...more };
}

/** A server that keeps, for each place, what came with the largest `seq`; `down` loses what is sent to it. */
function desk(from = view(), pending: Pending | null = null) {
  const out = { sent: [] as [number, number, Change[]][], kept: null as Pending | null, time: 0, down: false, refuse: 0, gate: Promise.resolve() };
  const put = async (seq: number, item: number, changes: Change[]) => {
    if (out.down) throw new Error('lost');
    if (out.refuse) throw Object.assign(new Error('时间已到'), { status: out.refuse });
    out.sent.push([seq, item, changes]);
    await out.gate;
    return { ...head, left_s: 500 };
  };
  return { out, sheet: new Sheet(from, { put, keep: (p) => (out.kept = p), now: () => out.time }, pending) };
}

describe('the answer sheet', () => {
  it('is filled by keyboard: letters, digits, flags, arrows', () => {
    const { sheet } = desk();
    expect([sheet.open, sheet.key('b'), sheet.answer(1)]).toEqual([1, true, 'B']);
    expect([sheet.key('1'), sheet.answer(1)]).toEqual([true, 'A']);
    expect([sheet.key('a'), sheet.answer(1)]).toEqual([true, '']); // again: taken back
    expect([sheet.key('f'), sheet.flagged]).toEqual([true, [1]]);
    sheet.key('ArrowLeft');
    expect(sheet.open).toBe(1);
    sheet.key('ArrowRight');
    sheet.key('ArrowRight');
    sheet.key('ArrowRight');
    expect([sheet.open, sheet.key('b'), sheet.key('9')]).toEqual([3, false, false]); // a big question has no options
    sheet.write(3, 2, '  ');
    expect(sheet.unanswered).toEqual([1, 2, 3]);
    sheet.write(3, 2, '19 ms');
    expect(sheet.unanswered).toEqual([1, 2]);
  });

  it('goes on where the server has it', () => {
    const { sheet } = desk(view({ answers: [{ number: 2, part: 0, answer: 'C' }, { number: 3, part: 1, answer: '解' }], flags: [2], item: 2, seq: 40 }));
    expect([sheet.open, sheet.answer(2), sheet.answer(3, 1), sheet.flagged, sheet.dirty]).toEqual([2, 'C', '解', [2], false]);
  });

  it('sends what is new with a growing seq, and heartbeats with nothing', async () => {
    const { sheet, out } = desk(view({ seq: 7 }));
    sheet.pick('A');
    sheet.pick('D');
    sheet.flag(1);
    await sheet.send();
    sheet.seek(3);
    await sheet.send();
    expect(out.sent).toEqual([[8, 1, [{ number: 1, part: 0, answer: 'D' }, { number: 1, flag: true }]], [9, 3, []]]);
    expect([sheet.dirty, out.kept]).toEqual([false, null]);
  });

  it('keeps what a lost server missed, and sends it when it is back', async () => {
    const { sheet, out } = desk();
    out.down = true;
    sheet.pick('C');
    expect(await sheet.send()).toBe(null);
    expect([sheet.lost, sheet.dirty, out.kept?.changes]).toEqual([true, true, [{ number: 1, part: 0, answer: 'C' }]]);
    sheet.seek(2);
    sheet.pick('B');
    out.down = false;
    await sheet.send();
    expect(out.sent).toEqual([[2, 2, [{ number: 1, part: 0, answer: 'C' }, { number: 2, part: 0, answer: 'B' }]]]);
    expect([sheet.lost, sheet.dirty]).toEqual([false, false]);
  });

  it('keeps what was written while signed out', async () => {
    const { sheet, out } = desk();
    out.refuse = 401;
    sheet.pick('C');
    expect(await sheet.send()).toBe(null);
    expect([sheet.lost, out.kept?.changes]).toEqual([true, [{ number: 1, part: 0, answer: 'C' }]]);
    out.refuse = 0;
    await sheet.send();
    expect([sheet.lost, sheet.dirty, out.kept]).toEqual([false, false, null]);
  });

  it('does not take a change for sent that came while the packet was on its way', async () => {
    const { sheet, out } = desk();
    sheet.write(3, 1, '半');
    let arrive = () => undefined as void;
    out.gate = new Promise((done) => (arrive = done));
    const going = sheet.send();
    while (!out.sent.length) await Promise.resolve();
    sheet.write(3, 1, '半句');
    arrive();
    await going;
    expect([sheet.dirty, out.kept?.changes]).toEqual([true, [{ number: 3, part: 1, answer: '半句' }]]);
    await sheet.send();
    expect([out.sent[1][2], sheet.dirty]).toEqual([[{ number: 3, part: 1, answer: '半句' }], false]);
  });

  it('takes up what a page left behind, unless another page has written since', () => {
    const left: Pending = { seq: 5, changes: [{ number: 1, part: 0, answer: 'B' }, { number: 2, flag: true }] };
    const same = desk(view({ seq: 5 }), left).sheet;
    expect([same.answer(1), same.flagged, same.dirty]).toEqual(['B', [2], true]);
    const newer = desk(view({ seq: 6, answers: [{ number: 1, part: 0, answer: 'D' }] }), left).sheet;
    expect([newer.answer(1), newer.flagged, newer.dirty]).toEqual(['D', [], false]);
  });

  it('counts down between packets, stands still when the server has stopped the clock, and passes a refusal on', async () => {
    const { sheet, out } = desk();
    out.time = 30_000;
    expect(sheet.left()).toBe(570);
    await sheet.send();
    expect(sheet.left()).toBe(500);
    out.time += 4_000_000;
    expect(sheet.left()).toBe(410);
    out.refuse = 400;
    await expect(sheet.send()).rejects.toThrow('时间已到');
    expect(sheet.lost).toBe(false);
  });
});

describe('the clock', () => {
  it('shows hours from the first on', () => expect([-3, 59.9, 3599, 3600, 10_799].map(clock)).toEqual(['0:00', '0:59', '59:59', '1:00:00', '2:59:59']));
});
