/** Favourites, notes of one's own and reports of errors over HTTP: their shapes and their calls. */
import { json, part } from './api';
import type { Subject } from './types';

export interface Favourite {
  id: string;
  created_at: string;
  subject: Subject;
  syllabus: string[];
  stem: string;
}

export type ReportPart = 'stem' | 'choices' | 'answer' | 'explanation' | 'other';

const of = <R extends string>(id: string, rest: R) => `/questions/${part(id)}/${rest}` as const;

export const marks = {
  favourites: () => json<Favourite[]>('GET', '/favourites'),
  keep: (id: string) => json<object>('PUT', `/favourites/${part(id)}`),
  drop: (id: string) => json<object>('DELETE', `/favourites/${part(id)}`),
  note: (id: string) => json<{ text: string; updated_at: string | null }>('GET', of(id, 'note')),
  write: (id: string, text: string) => json<object>('PUT', of(id, 'note'), { text }),
  erase: (id: string) => json<object>('DELETE', of(id, 'note')),
  unerase: (id: string) => json<object>('POST', of(id, 'note/restore'), {}),
  report: (id: string, about: ReportPart, text: string) => json<{ id: number }>('POST', of(id, 'report'), { part: about, text }),
};
