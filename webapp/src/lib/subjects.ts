import type { Subject } from './types';

export const SUBJECTS: { id: Subject; name: string; short: string }[] = [
  { id: 'ds', name: '数据结构', short: '数据结构' },
  { id: 'co', name: '计算机组成原理', short: '组成原理' },
  { id: 'os', name: '操作系统', short: '操作系统' },
  { id: 'cn', name: '计算机网络', short: '网络' },
];

export const subjectName = (id: string): string => SUBJECTS.find((s) => s.id === id.slice(0, 2))?.name ?? '';
