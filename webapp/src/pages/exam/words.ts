/** How an exam is spoken of. */
import type { ExamHead, Score } from '../../lib/exams';

export const STATES: Record<ExamHead['state'], string> = {
  new: '还没有开始',
  running: '正在考',
  paused: '暂停中',
  interrupted: '中断了',
  closed: '已交卷',
};

export const minutes = (seconds: number): string => `${Math.ceil(seconds / 60)} 分钟`;

export const range = (s: Score): string => `${Math.round(s.interval[0])}～${Math.round(s.interval[1])}`;
