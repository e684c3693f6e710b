/** Assignments over HTTP, as who does them and as who gives them. */
import { json, part } from './api';
import type { Invite, Link, Taught } from './accounts';
import type { BankQuestion, QuestionKind, Subject } from './types';

export interface Assignment {
  id: string;
  class_id: string;
  class: string;
  title: string;
  kind: 'questions' | 'paper';
  due: string | null;
  created_at: string;
  total: number;
}
export interface Task extends Assignment {
  done: number;
  /** The exam that has been made of a paper. */
  exam: string | null;
}
export interface OpenTask extends Task {
  questions: (BankQuestion & { answered: boolean })[];
}
export interface Student {
  id: string;
  name: string;
  joined_at: string;
  consent: boolean;
}
export interface ClassRoom extends Taught {
  students: Student[];
  assignments: Assignment[];
  invites: Invite[];
}
export interface Results extends Assignment {
  students: { id: string; name: string; done: number; right: number; earned: number; points: number; late: boolean }[];
  /** Members who gave no consent. */
  hidden: number;
  leaves: { leaf: string; name: string; answered: number; rate: number | null }[];
  questions: { id: string; stem: string; answered: number; rate: number | null }[];
}
/** Exactly one of the last three. */
export interface NewAssignment {
  title: string;
  due?: string;
  questions?: string[];
  draw?: { subject?: Subject; under?: string; kind?: QuestionKind; limit: number; seed?: number };
  paper?: { seed?: number; subjects?: Subject[]; choices?: number; bigs?: number; minutes?: number };
}

export const tasks = {
  all: () => json<Task[]>('GET', '/assignments'),
  one: (id: string) => json<OpenTask>('GET', `/assignments/${part(id)}`),
  start: (id: string) => json<{ exam: string }>('POST', `/assignments/${part(id)}/start`, {}),
};

const at = <R extends string = ''>(id: string, rest: R = '' as R) => `/teaching/classes/${part(id)}${rest}` as const;

export const teaching = {
  add: (name: string) => json<Taught>('POST', '/teaching/classes', { name }),
  one: (id: string) => json<ClassRoom>('GET', at(id)),
  rename: (id: string, name: string) => json<Taught>('PATCH', at(id), { name }),
  remove: (id: string) => json('DELETE', at(id)),
  dismiss: (id: string, user: string) => json('DELETE', at(id, `/members/${part(user)}`)),
  invite: (id: string, uses: number, days: number) => json<Invite & Link>('POST', at(id, '/invites'), { uses, days }),
  withdraw: (id: string) => json('DELETE', `/teaching/invites/${part(id)}`),
  assign: (id: string, what: NewAssignment) => json<Assignment>('POST', at(id, '/assignments'), what),
  unassign: (id: string) => json('DELETE', `/teaching/assignments/${part(id)}`),
  results: (id: string) => json<Results>('GET', `/teaching/assignments/${part(id)}`),
};

/** When something is due, and whether that is over. */
export function overdue(due: string | null, now = Date.now()): boolean {
  return due !== null && Date.parse(due) < now;
}

/** A table as a spreadsheet reads it; a cell that would be a formula there is a text. */
export function csv(rows: (string | number)[][]): string {
  const cell = (v: string | number) => {
    const text = typeof v === 'string' && /^[=+\-@\t\r]/.test(v) ? `'${v}` : String(v);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return '\ufeff' + rows.map((r) => r.map(cell).join(',')).join('\r\n') + '\r\n';
}
