/** The pages. A new page is one entry here and one folder under pages/. */
import type { Component } from 'svelte';
import type { IconName } from './components/Icon.svelte';
import { me } from './lib/me.svelte';

export interface Page {
  /** First segment of the path; '' is the home page. */
  segment: string;
  label: string;
  icon: IconName;
  load: () => Promise<{ default: Component }>;
  /** Further first segments that belong to this page. */
  also?: string[];
  /** Whose page it is; everybody's if not said. */
  open?: () => boolean;
  /** At the end of the navigation, and not in a phone's. */
  late?: boolean;
}

export const PAGES: Page[] = [
  { segment: '', also: ['c'], label: '问答', icon: 'chat', load: () => import('./pages/chat/index.svelte') },
  { segment: 'book', label: '教材', icon: 'book', load: () => import('./pages/book/index.svelte') },
  { segment: 'practice', label: '刷题', icon: 'practice', load: () => import('./pages/practice/index.svelte') },
  { segment: 'review', label: '复习', icon: 'review', load: () => import('./pages/review/index.svelte') },
  { segment: 'exam', label: '模考', icon: 'exam', load: () => import('./pages/exam/index.svelte') },
  { segment: 'solve', label: '解题器', icon: 'solve', load: () => import('./pages/solve/index.svelte') },
  { segment: 'library', label: '知识库', icon: 'library', load: () => import('./pages/library/index.svelte') },
  { segment: 'class', label: '班级', icon: 'people', open: () => me.accounts, load: () => import('./pages/class/index.svelte') },
  { segment: 'admin', label: '管理', icon: 'shield', open: () => me.accounts && me.may('admin'), late: true, load: () => import('./pages/admin/index.svelte') },
  { segment: 'models', label: '模型', icon: 'chip', open: () => me.may('admin'), late: true, load: () => import('./pages/models/index.svelte') },
  { segment: 'settings', label: '设置', icon: 'settings', load: () => import('./pages/settings/index.svelte') },
];

export function pageOf(path: string): Page | undefined {
  const segment = path.split('/')[1] ?? '';
  return PAGES.find((p) => p.segment === segment || p.also?.includes(segment));
}
