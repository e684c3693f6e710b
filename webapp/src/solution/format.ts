import type { Value } from '../lib/types';

/** A value as a learner writes it: at most 6 significant digits after rounding, lists with 、, booleans in words. */
export function show(value: Value | undefined): string {
  if (value === null || value === undefined) return '—';
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return value === '' ? '—' : value;
  if (Array.isArray(value)) {
    if (value.length === 0) return '无';
    return value.some((v) => Array.isArray(v) || (v !== null && typeof v === 'object'))
      ? value.map((v) => (Array.isArray(v) ? `(${v.map(show).join(', ')})` : show(v))).join('；')
      : value.map(show).join(', ');
  }
  return Object.entries(value).map(([k, v]) => `${k}: ${show(v)}`).join('；');
}

export function number(x: number): string {
  if (Number.isInteger(x)) return String(x);
  const text = x.toPrecision(6);
  return text.includes('e') ? text : text.replace(/0+$/, '').replace(/\.$/, '');
}

/** Labels of a linear axis: about `count` round values from `low` to `high`. */
export function ticks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const raw = (high - low) / Math.max(1, count);
  const base = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * base).find((s) => s >= raw)!;
  const out: number[] = [];
  for (let x = Math.ceil(low / step - 1e-9) * step; x <= high + step * 1e-9; x += step) out.push(Number(x.toPrecision(12)));
  return out;
}

/** Width of a label in pixels, close enough for laying out: CJK is square, the rest about half. */
export function textWidth(text: string, size = 13): number {
  let em = 0;
  for (const c of text) em += c.codePointAt(0)! > 0x2e7f ? 1 : /[A-Z0-9mwMW=+]/.test(c) ? 0.64 : 0.54;
  return em * size;
}
