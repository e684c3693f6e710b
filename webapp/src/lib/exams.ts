/** Mock exams over HTTP: their shapes and their calls. */
import { json, part } from './api';
import type { Subject } from './types';

export type ExamState = 'new' | 'running' | 'paused' | 'interrupted' | 'closed';

/** Points with a 95% interval; `pending` ones nobody has decided yet, and they count as none. */
export interface Score {
  earned: number;
  points: number;
  pending: number;
  rate: number;
  interval: [number, number];
}

export interface ExamHead {
  id: string;
  title: string;
  source: 'assembled' | 'imported';
  state: ExamState;
  points: number;
  questions: number;
  minutes: number;
  left_s: number;
  created_at: string;
  started_at: string | null;
  closed_at: string | null;
  timed_out: boolean;
  continuous: boolean;
  score?: Score | null;
}

/** A question on the paper; before the start and during a break only number, subject and points are there. */
export interface ExamItem {
  number: number;
  subject: Subject;
  points: number;
  kind?: 'single' | 'big';
  stem?: string;
  choices?: Record<string, string>;
  parts?: { prompt: string; points: number }[];
}

export interface ExamView extends ExamHead {
  items: ExamItem[];
  answers: { number: number; part: number; answer: string }[];
  flags: number[];
  item: number | null;
  /** The largest that the server has seen. */
  seq: number;
}

/** A change of the answer sheet; `part` 0 is a choice. */
export interface Change {
  number: number;
  part?: number;
  answer?: string;
  flag?: boolean;
}

export interface Line {
  points: number;
  text: string;
  kind: 'choice' | 'computed' | 'prose';
  earned: number | null;
  by: 'auto' | 'model' | 'self' | '';
  quote: string;
}

export interface PartMarks {
  part: number;
  prompt: string;
  points: number;
  answer: string;
  key: string;
  lines: Line[];
}

export interface MarkedQuestion extends Required<ExamItem> {
  id: string;
  syllabus: string[];
  difficulty: number;
  earned: number;
  pending: number;
  seconds: number;
  explanation: string;
  traps: Record<string, string>;
  marks: PartMarks[];
}

export interface ExamReport {
  id: string;
  title: string;
  closed_at: string;
  timed_out: boolean;
  minutes: number;
  used_s: number;
  continuous: boolean;
  breaks: { kind: 'pause' | 'interrupted'; from: string; to: string | null }[];
  score: Score;
  by: { auto: number; model: number; self: number };
  subjects: Partial<Record<Subject, Score & { name: string; seconds: number }>>;
  cheapest: { leaf: string; name: string; marks: number; miss: number; effort: number; gain: number; worth: number; numbers: number[] }[];
  questions: MarkedQuestion[];
  overrides: { number: number; part: number; line: number; points: number; reason: string }[];
  earlier: (Score & { id: string; title: string; closed_at: string; continuous: boolean; change: number })[];
}

export interface Wishes {
  subjects?: Subject[];
  choices?: number;
  bigs?: number;
  minutes?: number;
  variants?: number;
}

interface Marks {
  number: number;
  parts: PartMarks[];
}

const at = <R extends string = ''>(id: string, rest: R = '' as R) => `/exams/${part(id)}${rest}` as const;

export const exams = {
  all: () => json<ExamHead[]>('GET', '/exams'),
  create: (wishes: Wishes) => json<ExamHead>('POST', '/exams', wishes),
  import: (name: string, text: string) => json<ExamHead>('POST', '/exams/import', { name, text }),
  view: (id: string) => json<ExamView>('GET', at(id)),
  start: (id: string) => json<ExamView>('POST', at(id, '/start'), {}),
  pause: (id: string) => json<ExamHead>('POST', at(id, '/pause'), {}),
  put: (id: string, seq: number, item: number, answers: Change[]) => json<ExamHead>('PUT', at(id, '/answers'), { seq, item, answers }, 8_000),
  submit: (id: string) => json<ExamHead>('POST', at(id, '/submit'), {}),
  report: (id: string) => json<ExamReport>('GET', at(id, '/report')),
  override: (id: string, place: { number: number; part: number; line: number }, points: number) => json<Marks>('POST', at(id, '/override'), { ...place, points }),
  judge: (id: string, number: number) => json<Marks>('POST', at(id, '/judge'), { number }, 300_000),
};
