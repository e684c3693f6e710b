/** The shapes of docs/reference/http.md that the OpenAPI description doesn't give in full; the others are `Shape<…>` of api/client.ts. */
import type { Shape } from '../api/client';

export type Subject = 'ds' | 'co' | 'os' | 'cn';

export type Status = Shape<'Status'>;
export type Model = Shape<'ModelEntry'>;

export interface Passage {
  n: number;
  doc: string;
  title: string;
  section: string;
  anchor: string | null;
  page: number | null;
  text: string;
  quote: string;
  score: number;
}

/** A passage may be cited more than once, each time by another quote. */
export type Citation = Omit<Passage, 'text' | 'anchor'> & { anchor?: string | null; text?: string };

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Args = Record<string, Value>;

export interface Step {
  why: string;
  data: Picture | null;
  credit: string;
  gives: Record<string, Value>;
}

export interface Solved {
  id: string;
  title?: string;
  args: Args;
  answer: Record<string, Value>;
  exact?: Record<string, string>;
  steps: Step[];
  conventions?: string[];
}

export interface Answer {
  question: string;
  answer: string;
  refused: boolean;
  citations: Citation[];
  passages?: Passage[];
  solver: Solved | null;
  model: string | null;
  timings: { retrieve_ms?: number; first_token_ms?: number | null; total_ms?: number };
  /** How it was asked. */
  asked?: { subject: Subject | null; collections: string[] | null; attachments: string[] };
  nearest?: (string | { id: string; name: string; note: string | null })[];
  suggestions?: string[];
}

export type AskBody = Shape<'Question'>;
export type Attachment = Shape<'Attachment'>;

export interface ConversationHead {
  id: string;
  title: string;
  updated_at: string;
  messages: number;
}

export interface Message {
  id: string | number;
  role: 'user' | 'assistant';
  content: string;
  created_at: string;
  result: Answer | null;
}

export interface Conversation {
  id: string;
  title: string;
  messages: Message[];
}

export type Leaf = Shape<'Leaf'>;
export type NoteHead = Shape<'NoteHead'>;
export type Note = Shape<'NoteText'>;
export type Hit = Shape<'Found'>;

export interface SolverHead {
  id: string;
  subject: Subject;
  title: string;
  summary: string;
  syllabus: string[];
  keywords: string[];
  generates: boolean;
}

export interface Schema {
  type?: 'object' | 'array' | 'integer' | 'number' | 'string' | 'boolean';
  title?: string;
  description?: string;
  default?: Value;
  enum?: (string | number)[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
}

export interface Solver extends SolverHead {
  schema: Schema;
  answers: Record<string, { label: string; unit: string }>;
  examples: Args[];
  doc: string;
}

export interface Question {
  seed: number;
  stem: string;
  args: Args;
  choices: Record<string, string>;
  answer: string;
  explanations: Record<string, string>;
}

// Practice.

export type QuestionKind = 'single' | 'judge' | 'blank' | 'big';
export type Pool = 'all' | 'new' | 'wrong' | 'due' | 'weak' | 'favourites';

/** A question of the bank as a learner sees it: nothing in it tells the answer. */
export interface BankQuestion {
  id: string;
  kind: QuestionKind;
  syllabus: string[];
  difficulty: number;
  stem: string;
  choices: Record<string, string>;
  points: number;
  parts: { prompt: string; points: number }[];
}

export interface Drawn {
  total: number;
  seed: number;
  questions: BankQuestion[];
}

export interface Verdict {
  /** `null` where only the learner can tell, by the rubric. */
  correct: boolean | null;
  /** The right answers, ` / ` between them. */
  key: string;
  explanation: string;
  trap: string;
  traps: Record<string, string>;
  evidence: { note: string; quote: string }[];
  /** Of a key that a solver computes. */
  solution?: Solved | null;
  /** Of a wrong answer: the misconception that yields it. */
  diagnosis?: { mistake: string; text: string; step: number | null } | null;
  parts: { prompt: string; points: number; answer: string; rubric: { points: number; text: string }[] }[];
}

export interface Tally {
  total: number;
  answered: number;
  right: number;
}

export interface PracticeSummary {
  total: number;
  wrong: number;
  nodes: Record<string, Tally>;
}

export interface Understood {
  solver: string | null;
  args?: Args;
  missing?: string[];
  confidence?: number;
}

// Pictures of a step.

export interface Table {
  kind: 'table';
  columns: string[];
  rows: Value[][];
  marks: [number, number][];
  caption: string;
}

export interface Gantt {
  kind: 'gantt';
  slices: { lane: string; start: number; end: number; label: string }[];
  unit: string;
  caption: string;
}

export interface TreeNode {
  label: string;
  children: (TreeNode | null)[];
  mark: boolean;
  edge: string;
  note: string;
}
export type Tree = TreeNode & { kind: 'tree' };

export interface Graph {
  kind: 'graph';
  nodes: { id: string; label: string; mark: boolean; note: string }[];
  edges: { source: string; target: string; label: string; mark: boolean }[];
  directed: boolean;
  caption: string;
}

export interface Timeline {
  kind: 'timeline';
  parties: string[];
  messages: { source: string; target: string; start: number; end: number | null; label: string }[];
  unit: string;
  caption: string;
}

export interface Plot {
  kind: 'plot';
  series: { label: string; points: [number, number][] }[];
  x: string;
  y: string;
  caption: string;
}

export interface Bits {
  kind: 'bits';
  fields: [string, string][];
  caption: string;
}

export type Picture = Table | Gantt | Tree | Graph | Timeline | Plot | Bits;
