import { describe, expect, it } from 'vitest';
import { EventParser, readEvents, type ServerEvent } from '../src/lib/sse';
import { asMarkdown, citable, emptyAnswer, ended, reduce, source, visibleText, type AnswerState } from '../src/pages/chat/answer';

const passage = (n: number) => ({ n, doc: 'os/memory/x', title: '页面置换', section: 'LRU', anchor: 'os.memory.lru', page: null, text: `甲。乙${n}。丙。`, quote: '甲。', score: 1 });
const run = (events: [string, unknown][], from: AnswerState = emptyAnswer()) => events.reduce((s, [event, data]) => reduce(s, { event, data } as ServerEvent), from);

describe('the stream of an answer', () => {
  it('shows passages before any token', () => {
    const s = run([['start', {}], ['passages', { passages: [passage(1)], ms: 20 }]]);
    expect(s.passages).toHaveLength(1);
    expect(s.phase).toBe('waiting');
    expect(citable(s)).toEqual([1]);
  });
  it('appends tokens, and a commit replaces the tail', () => {
    const s = run([['token', { text: '淘汰最' }], ['token', { text: '久的页[9]。' }], ['commit', { text: '淘汰最久的页[1]。' }], ['token', { text: '又' }]]);
    expect(s.committed).toBe('淘汰最久的页[1]。');
    expect(s.tail).toBe('又');
    expect(visibleText(s)).toBe('淘汰最久的页[1]。又');
  });
  it('hides marks that are not verified yet, whole or half-written', () => {
    expect(visibleText(run([['token', { text: '甲[3]乙[' }]]))).toBe('甲乙');
    expect(visibleText(run([['token', { text: '甲[1' }]]))).toBe('甲');
    expect(visibleText(run([['token', { text: 'a[i] = 1' }]]))).toBe('a[i] = 1');
  });
  it('ends with the checked result', () => {
    const result = { question: 'q', answer: '乙[2]。', refused: false, citations: [{ ...passage(2), quote: '乙2。', text: undefined }], solver: null, model: 'm', timings: {} };
    const s = run([['passages', { passages: [passage(1), passage(2)], ms: 1 }], ['token', { text: '乙' }], ['done', result]]);
    expect(s.phase).toBe('done');
    expect(visibleText(s)).toBe('乙[2]。');
    expect(citable(s)).toEqual([2]);
    expect(source(s, 2)).toMatchObject({ quotes: ['乙2。'], text: '甲。乙2。丙。', anchor: 'os.memory.lru' });
    expect(asMarkdown(s)).toContain('- [2] 《页面置换》 LRU：“乙2。”');
  });
  it('may cite a passage by several quotes', () => {
    const citations = ['甲。', '丙。'].map((quote) => ({ ...passage(1), quote, text: undefined }));
    const s = run([['passages', { passages: [passage(1)], ms: 1 }], ['done', { question: 'q', answer: '甲[1]丙[1]。', refused: false, citations, solver: null, model: 'm', timings: {} }]]);
    expect(citable(s)).toEqual([1]);
    expect(source(s, 1)?.quotes).toEqual(['甲。', '丙。']);
  });
  it('keeps what was written when it is stopped or fails', () => {
    const s = run([['commit', { text: '甲。' }], ['token', { text: '乙' }]]);
    expect(ended(s, 'stopped')).toMatchObject({ phase: 'stopped', committed: '甲。', tail: '乙' });
    const failed = run([['error', { error: '模型没有载入。' }]], s);
    expect(failed).toMatchObject({ phase: 'failed', error: '模型没有载入。', committed: '甲。' });
    expect(ended(failed, 'failed', '断了')).toBe(failed);
  });
  it('clears a status once text comes, and ignores unknown events', () => {
    expect(run([['status', { text: '正在载入模型…' }], ['token', { text: 'a' }]]).status).toBe('');
    expect(run([['nova', {}]])).toEqual(emptyAnswer());
  });
});

describe('server-sent events', () => {
  const wire = ': ping\r\n\r\nevent: token\r\ndata: {"text":"甲\\n乙"}\r\n\r\nevent: done\ndata: {}\n\n';
  it('are the same however the bytes are cut', () => {
    const whole = new EventParser().push(wire);
    expect(whole).toEqual([{ event: 'token', data: { text: '甲\n乙' } }, { event: 'done', data: {} }]);
    for (let cut = 1; cut < wire.length; cut += 1) {
      const p = new EventParser();
      expect([...p.push(wire.slice(0, cut)), ...p.push(wire.slice(cut))]).toEqual(whole);
    }
  });
  it('are read from bytes cut inside a character', async () => {
    const bytes = new TextEncoder().encode(wire);
    const body = new ReadableStream<Uint8Array>({
      start(c) {
        for (const b of bytes) c.enqueue(new Uint8Array([b]));
        c.close();
      },
    });
    const got: ServerEvent[] = [];
    for await (const e of readEvents(body)) got.push(e);
    expect(got.map((e) => e.event)).toEqual(['token', 'done']);
    expect(got[0].data.text).toBe('甲\n乙');
  });
});
