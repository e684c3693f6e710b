/** How documents and their pages are spoken of. */
import type { Document, DocumentPage } from '../../lib/documents';

export const KINDS: Record<DocumentPage['kind'], string> = { text: '文字', ocr: '识别', empty: '空白', failed: '没读成' };

/** Below this a page read from its picture should be looked at. */
export const DOUBT = 0.85;

export const doubtful = (p: DocumentPage): boolean => p.kind === 'ocr' && !p.edited && (p.confidence ?? 1) < DOUBT;

export const working = (d: Document): boolean => d.job?.state === 'queued';

export const stage = (d: Document): string => {
  if (!d.job) return '';
  const eta = d.job.eta_s ? `，约 ${d.job.eta_s < 90 ? `${Math.ceil(d.job.eta_s)} 秒` : `${Math.ceil(d.job.eta_s / 60)} 分钟`}` : '';
  return `${d.job.stage === 'read' ? '正在读' : '正在建索引'} ${d.job.done} / ${d.job.total}${eta}`;
};
