import { fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { number, show, ticks } from '../src/solution/format';
import type { Step } from '../src/lib/types';
import PlayerView from '../src/solution/Player.svelte';
import { Player } from '../src/solution/player.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the player', () => {
  it('stays inside its steps', () => {
    const p = new Player(3);
    p.prev();
    expect(p.index).toBe(0);
    p.seek(99);
    expect(p.index).toBe(2);
    expect(p.atEnd).toBe(true);
    p.next();
    expect(p.index).toBe(2);
  });
  it('plays to the end and stops there', () => {
    const p = new Player(3);
    p.play();
    vi.advanceTimersByTime(1600);
    expect(p.index).toBe(1);
    vi.advanceTimersByTime(1600);
    expect(p.index).toBe(2);
    expect(p.playing).toBe(false);
  });
  it('starts over from the end, and keeps its speed', () => {
    const p = new Player(2);
    p.seek(1);
    p.setSpeed(4);
    p.play();
    expect(p.index).toBe(0);
    vi.advanceTimersByTime(400);
    expect(p.index).toBe(1);
  });
  it('pauses when the reader takes over', () => {
    const p = new Player(5);
    p.play();
    expect(p.key('ArrowRight')).toBe(true);
    expect([p.index, p.playing]).toEqual([1, false]);
    vi.advanceTimersByTime(10_000);
    expect(p.index).toBe(1);
    expect(p.key('a')).toBe(false);
    p.key('End');
    expect(p.index).toBe(4);
  });
  it('has nothing to play with one step', () => {
    const p = new Player(1);
    p.play();
    expect(p.playing).toBe(false);
  });
});

describe('its view', () => {
  const steps: Step[] = [
    { why: '访问页 7：缺页。', data: null, credit: '', gives: {} },
    { why: '共缺页 1 次。', data: { kind: 'table', columns: ['页框', '7'], rows: [['0', 7]], marks: [[0, 1]], caption: '' }, credit: '缺页次数', gives: { faults: 1 } },
  ];
  it('steps, and shows what a step earns and gives', async () => {
    render(PlayerView, { steps, answers: { faults: { label: '缺页次数', unit: '次' } } });
    expect(screen.getByText('1 / 2')).toBeTruthy();
    await fireEvent.click(screen.getByLabelText('下一步'));
    expect(screen.getByText('缺页次数 = 1 次')).toBeTruthy();
    expect(screen.getByText(/采分点/)).toBeTruthy();
    expect(document.querySelector('td.on')?.textContent).toContain('7');
  });
  it('listens to the arrows and the space bar', async () => {
    render(PlayerView, { steps });
    const player = screen.getByLabelText('解题步骤');
    await fireEvent.keyDown(player, { key: 'ArrowRight' });
    expect(screen.getByText('2 / 2')).toBeTruthy();
    await fireEvent.keyDown(player, { key: ' ' });
    expect(screen.getByLabelText('暂停')).toBeTruthy();
  });
});

describe('values', () => {
  it('are written as a learner writes them', () => {
    expect([show(true), show(null), show([1, 2]), show([[1, 2], [3, 4]]), show([]), show({ a: 1 })]).toEqual(['是', '—', '1, 2', '(1, 2)；(3, 4)', '无', 'a: 1']);
    expect([number(0.1 + 0.2), number(4 / 3), number(1e10), number(1.5)]).toEqual(['0.3', '1.33333', '10000000000', '1.5']);
  });
  it('give round ticks', () => {
    expect(ticks(0, 18, 6)).toEqual([0, 5, 10, 15]);
    expect(ticks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks(3, 3, 5)).toEqual([3]);
  });
});
