import { describe, expect, it } from 'vitest';
import type { Document, DocumentPage } from '../src/lib/documents';
import { doubtful, stage, working } from '../src/pages/library/words';

const doc = (job: Document['job']): Document => ({ id: 'd1', title: '讲义', name: 'a.pdf', collection: '默认', state: 'queued', sentence: '', pages: { text: 0, ocr: 0, empty: 0, failed: 0 }, doubtful: 0, confidence: null, chunks: 0, added_at: '', job });
const page = (more: Partial<DocumentPage>): DocumentPage => ({ number: 1, kind: 'ocr', confidence: 0.7, note: '', width: 1, height: 1, edited: false, text: '', ...more });

describe('a document', () => {
  it('says how far the work is, and how long it will take', () => {
    expect(stage(doc(null))).toBe('');
    expect(stage(doc({ state: 'queued', stage: 'read', done: 3, total: 9, eta_s: 12.2 }))).toBe('正在读 3 / 9，约 13 秒');
    expect(stage(doc({ state: 'queued', stage: 'index', done: 0, total: 9, eta_s: 100 }))).toBe('正在建索引 0 / 9，约 2 分钟');
    expect([null, 'queued', 'paused'].map((state) => working(doc(state === null ? null : { state, stage: 'read', done: 0, total: 1, eta_s: null })))).toEqual([false, true, false]);
  });

  it('has pages to look at: recognised with little confidence, and not set right yet', () => {
    expect([page({}), page({ edited: true }), page({ confidence: 0.85 }), page({ kind: 'text' })].map(doubtful)).toEqual([true, false, false, false]);
  });
});
