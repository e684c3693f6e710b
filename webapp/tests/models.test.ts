import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import Ball from '../src/pages/book/Ball.svelte';
import IntervalBars from '../src/pages/models/IntervalBars.svelte';
import LossChart from '../src/pages/models/LossChart.svelte';

describe('the loss curve', () => {
  it('says in words where it began and where it is', () => {
    const rows: Record<string, number | null>[] = [{ step: 1, loss: 2.1439 }, { step: 2, loss: 1.5, eval_loss: 1.9 }, { step: 3, loss: null }, { step: 4, loss: 0.75 }];
    const { container } = render(LossChart, { curves: [{ name: 'sft', rows }] });
    expect(screen.getByRole('img').getAttribute('aria-label')).toBe('损失曲线。sft，训练损失从 2.144（第 1 步）到 0.750（第 4 步），验证损失从 1.900（第 2 步）到 1.900（第 2 步）');
    expect(container.querySelector('polyline')!.getAttribute('points')!.split(' ').length).toBe(3); // a loss that ran away has no place
    expect(container.innerHTML).not.toContain('NaN');
  });
  it('tells two runs apart by more than colour', () => {
    const { container } = render(LossChart, { curves: [{ name: 'a', rows: [{ step: 1, loss: 1 }] }, { name: 'b', rows: [{ step: 1, loss: 2 }] }] });
    const dashes = [...container.querySelectorAll('polyline')].map((p) => p.getAttribute('stroke-dasharray'));
    expect(new Set(dashes).size).toBe(2);
  });
  it('is a sentence before the first update', () => {
    render(LossChart, { curves: [{ name: 'sft', rows: [] }] });
    expect(screen.getByText(/第一次更新之后/)).toBeTruthy();
  });
});

describe('shares with their intervals', () => {
  const score = (name: string, correct: number, n: number, interval: number[]) => ({ name, n, correct, accuracy: n ? correct / n : null, interval });
  it('are in the order of the paper, with their numbers', () => {
    const scores = [score('全部', 9, 12, [0.4677, 0.9111]), score('cn', 3, 3, [0.4385, 1]), score('ds', 2, 3, [0.2077, 0.9385]), score('solver', 0, 0, [0, 1])];
    const { container } = render(IntervalBars, { sets: [{ name: 'x', scores }] });
    expect([...container.querySelectorAll('.name')].map((e) => e.textContent)).toEqual(['全部', '数据结构', '计算机网络', '解题器']);
    expect(container.querySelector('.value')!.textContent).toContain('75.0% 46.8–91.1%，9/12');
    const bar = container.querySelector<HTMLElement>('.interval')!;
    expect([parseFloat(bar.style.left), parseFloat(bar.style.right)].map((x) => Math.round(x * 100) / 100)).toEqual([46.77, 8.89]);
    expect(container.querySelectorAll('.at').length).toBe(3); // nothing was asked of the solver
  });
});

describe('mastery as a disc', () => {
  const of = (mean: number, n: number) => ({ marks: 1, mean, low: 0, high: 1, n, recall: 1 });
  it('differs in shape from level to level, and says so', () => {
    const shapes = [of(0, 0), of(0.1, 1), of(0.3, 1), of(0.5, 1), of(0.7, 1), of(0.95, 1)].map((mastery) => {
      const { container } = render(Ball, { mastery });
      return [container.querySelector('circle')!.getAttribute('stroke-dasharray'), container.querySelector('path')?.getAttribute('d'), container.querySelector('.sr')!.textContent];
    });
    expect(new Set(shapes.map(([dash, d]) => `${dash} ${d}`)).size).toBe(6);
    expect(shapes[0][2]).toBe('，还没有做过题');
    expect(shapes[5][2]).toContain('熟练，掌握 95%');
  });
});
