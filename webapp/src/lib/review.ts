/** The plan of the day, mastery and cards of one's own over HTTP: their shapes and their calls. */
import { call, type Shape } from '../api/client';
import { json, query, upload } from './api';
import type { BankQuestion } from './types';

export interface Card {
  id: number;
  deck: string;
  front: string;
  back: string;
}

interface TaskHead {
  id: string;
  leaf: string;
  reason: 'due' | 'wrong' | 'new';
  /** Expected marks on the day of the exam. */
  gain: number;
  seconds: number;
  /** The probability of knowing it now. */
  recall: number | null;
  why: string;
}
export type Task = TaskHead & ({ kind: 'question'; question: BankQuestion } | { kind: 'card'; card: Card });

export interface Plan {
  budget: number;
  minutes: number;
  gain: number;
  due: number;
  left_over: number;
  horizon: { days: number; note: string };
  tasks: Task[];
}

/** 0 to 1 with a 90% interval; `n` answers, and with none nothing is known. */
export interface Mastery {
  marks: number;
  mean: number;
  low: number;
  high: number;
  n: number;
  recall: number;
}
export type Node = Mastery & { id: string; name: string; parent: string | null };

export interface Masteries {
  horizon: { days: number; note: string };
  total: Mastery;
  nodes: Node[];
}

export type StudySettings = Shape<'Plan'>;

export const review = {
  plan: (minutes: number) => json<Plan>('GET', `/review/plan${query({ minutes })}`),
  mastery: () => json<Masteries>('GET', '/mastery'),
  cards: () => json<Card[]>('GET', '/cards'),
  importCards: (file: File) => upload<{ added: number; there: number }>('/cards/import', file),
  rateCard: (id: number, rating: number, seconds: number) => json<{ due: string }>('POST', `/cards/${id}/review`, { rating, seconds }),
  removeDeck: (deck: string) => json<{ removed: number }>('DELETE', `/cards${query({ deck })}`),
  settings: () => call('get', '/api/settings'),
  change: (settings: Partial<StudySettings>) => call('patch', '/api/settings', { body: settings }),
};
