import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { permalink } from '../src/lib/permalink';
import type { Schema } from '../src/lib/types';
import FormHost from './FormHost.svelte';
import { argsOf, cellsToText, formOf, hintOf, kindOf, mainFields, missingOf, textToCells } from '../src/pages/solve/form/schema';

const jobs: Schema = {
  title: '进程',
  type: 'array',
  items: {
    type: 'object',
    properties: { name: { title: '进程名', type: 'string' }, arrive: { title: '到达', type: 'integer' }, prio: { title: '优先级', type: 'integer', default: 0 } },
    required: ['name', 'arrive'],
  },
};
const matrix: Schema = { title: '矩阵', type: 'array', items: { type: 'array', items: { type: 'integer' } } };
const schema: Schema = {
  type: 'object',
  properties: {
    refs: { title: '访问序列', type: 'array', items: { type: 'integer', minimum: 0 } },
    frames: { title: '页框数', description: '分给进程的页框', type: 'integer', minimum: 1, maximum: 64 },
    policy: { title: '算法', enum: ['FIFO', 'LRU'], default: 'LRU' },
    rate: { title: '命中率', type: 'number' },
    writeBack: { title: '写回', type: 'boolean', default: false },
    jobs,
    matrix,
  },
  required: ['refs', 'frames'],
};

describe('the schema', () => {
  it('says what each field is', () => {
    expect(Object.values(schema.properties!).map(kindOf)).toEqual(['list', 'integer', 'choice', 'number', 'flag', 'rows', 'matrix']);
    expect(hintOf(schema.properties!.frames)).toBe('分给进程的页框；1～64');
  });
  it('takes an example to a form and back', () => {
    const args = { refs: [7, 0, 1], frames: 3, policy: 'FIFO', jobs: [{ name: 'P1', arrive: 0, prio: 2 }], matrix: [[0, 1], [2, 0]] };
    const form = formOf(schema, args);
    expect(form.refs.text).toBe('7,0,1');
    expect(form.jobs.cells).toEqual([['P1', '0', '2']]);
    expect(argsOf(schema, form)).toEqual({ ...args, refs: '7,0,1' });
  });
  it('takes a permalink to a form', () => {
    const form = formOf(schema, { refs: '7,0', frames: '3', jobs: '[{"name":"P1","arrive":5}]', matrix: '0 1; 2 0', writeBack: 'true' });
    expect(form.jobs.cells).toEqual([['P1', '5', '']]);
    expect(form.matrix.cells).toEqual([['0', '1'], ['2', '0']]);
    expect(argsOf(schema, form)).toMatchObject({ frames: 3, writeBack: true, jobs: [{ name: 'P1', arrive: 5 }] });
  });
  it('leaves out what is empty or at its default', () => {
    const form = formOf(schema, {});
    expect(argsOf(schema, form)).toEqual({});
    expect(missingOf(schema, form)).toEqual(['refs', 'frames']);
  });
  it('sends fractions and percentages as they are typed', () => {
    const form = formOf(schema, {});
    form.rate.text = ' 95% ';
    expect(argsOf(schema, form).rate).toBe('95%');
    form.rate.text = '3/4';
    expect(argsOf(schema, form).rate).toBe('3/4');
  });
  it('turns rows into text and back', () => {
    const cells = [['P1', '0', '2'], ['P2', '3', ''], ['', '', '']];
    expect(cellsToText('rows', cells)).toBe('P1:0:2, P2:3');
    expect(textToCells(jobs, 'P1:0:2，P2：3')).toEqual([['P1', '0', '2'], ['P2', '3', '']]);
    expect(textToCells(jobs, 'a:b:c:d')).toBeNull();
    expect(textToCells(matrix, '0 1 0\n7 5')).toEqual([['0', '1', '0'], ['7', '5', '']]);
    expect(cellsToText('matrix', [['0', '1'], ['2', '3']])).toBe('0 1\n2 3');
  });
  it('shows required fields and those of the first example at once', () => {
    expect([...mainFields(schema, [{ policy: 'LRU' }, { rate: 1 }])]).toEqual(['refs', 'frames', 'policy']);
  });
  it('makes addresses that can be read', () => {
    expect(permalink('os.x', { refs: [7, 0], policy: 'LRU', jobs: [{ name: 'P1' }], none: null })).toBe('/solve/os.x?refs=7,0&policy=LRU&jobs=%5B%7B%22name%22:%22P1%22%7D%5D');
  });
});

describe('the form', () => {
  it('labels every field and points at what is missing', () => {
    render(FormHost, { schema, args: { refs: [1], frames: 2, jobs: [{ name: 'P1', arrive: 0 }] }, missing: ['frames'] });
    expect((screen.getByLabelText('访问序列') as HTMLInputElement).value).toBe('1');
    expect(screen.getByLabelText('页框数').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('这一项要填。')).toBeTruthy();
    expect((screen.getByLabelText('LRU') as HTMLInputElement).checked).toBe(true);
    expect((screen.getByLabelText('进程，第 1 行 优先级') as HTMLInputElement).placeholder).toBe('0');
  });
  it('adds a row and writes rows as text', async () => {
    render(FormHost, { schema: { type: 'object', properties: { jobs } }, args: { jobs: [{ name: 'P1', arrive: 0 }] } });
    await fireEvent.click(screen.getByText('加一行'));
    expect(screen.getByLabelText('进程，第 2 行 到达')).toBeTruthy();
    await fireEvent.click(screen.getByText('写成文字'));
    expect((screen.getByLabelText('进程', { selector: 'textarea' }) as HTMLTextAreaElement).value).toBe('P1:0');
  });
});
