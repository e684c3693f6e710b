/** A round of practice: which question is on the screen, what was answered and what it earned. No clock, no network of its own. */
import type { BankQuestion, Verdict } from '../../lib/types';

export type Mark = (id: string, answer: string, seconds: number) => Promise<Verdict>;

/** Takes the points that the learner gave to the parts of a big question; what goes wrong is its own affair. */
export type SelfMark = (id: string, points: number[], answer: string, seconds: number) => unknown;

const JUDGE_KEYS: Record<string, string> = { '1': '对', A: '对', T: '对', '2': '错', B: '错', F: '错' };

export class Item {
  readonly question: BankQuestion;
  /** A letter, 对 or 错, or the words of a blank. */
  answer = $state('');
  /** What was written to each part of a big question. */
  written = $state<string[]>([]);
  verdict = $state.raw<Verdict | null>(null);
  /** Lines of the rubric that the learner grants, by part. */
  granted = $state<boolean[][]>([]);
  seconds = $state(0);
  busy = $state(false);

  constructor(question: BankQuestion) {
    this.question = question;
    this.written = question.parts.map(() => '');
  }

  /** What can be chosen: letters, or 对 and 错. */
  get options(): string[] {
    if (this.question.kind === 'judge') return ['对', '错'];
    return this.question.kind === 'single' ? Object.keys(this.question.choices) : [];
  }

  get open(): boolean {
    return !this.verdict && !this.busy;
  }

  /** Whether there is something to submit; a big question may be given up to see its key. */
  get ready(): boolean {
    return this.open && (this.question.kind === 'big' || this.answer.trim() !== '');
  }

  get sent(): string {
    if (this.question.kind !== 'big') return this.answer.trim();
    return this.written.map((text, i) => `（${i + 1}）${text.trim()}`).join('\n').slice(0, 20_000);
  }

  get points(): number {
    return this.question.points;
  }

  get earned(): number {
    if (!this.verdict) return 0;
    if (this.verdict.correct !== null) return this.verdict.correct ? this.points : 0;
    return this.verdict.parts.reduce((n, _, part) => n + this.earnedOf(part), 0);
  }

  earnedOf(part: number): number {
    return this.verdict!.parts[part].rubric.reduce((n, line, i) => n + (this.granted[part]?.[i] ? line.points : 0), 0);
  }

  /** A big question is right when it earned all its points. */
  get outcome(): 'open' | 'right' | 'wrong' {
    if (!this.verdict) return 'open';
    return (this.verdict.correct ?? this.earned >= this.points) ? 'right' : 'wrong';
  }

  settle(verdict: Verdict): void {
    this.verdict = verdict;
    this.granted = verdict.parts.map((p) => p.rubric.map(() => false));
  }
}

export class Runner {
  readonly items: Item[];
  index = $state(0);
  finished = $state(false);
  readonly #mark: Mark;
  readonly #selfMark: SelfMark;
  readonly #told = new Map<Item, string>(); // the points of big questions that were told

  constructor(questions: BankQuestion[], mark: Mark, selfMark: SelfMark = () => undefined) {
    this.items = questions.map((q) => new Item(q));
    this.#mark = mark;
    this.#selfMark = selfMark;
  }

  /** Before the view leaves a question: a big one's points are told, if they are new. */
  #leave(): void {
    const item = this.current;
    if (!item?.verdict || item.question.kind !== 'big') return;
    const points = item.question.parts.map((_, i) => item.earnedOf(i));
    if (this.#told.get(item) === points.join()) return;
    this.#told.set(item, points.join());
    this.#selfMark(item.question.id, points, item.sent, item.seconds);
  }

  get current(): Item {
    return this.items[this.index];
  }

  get atEnd(): boolean {
    return this.index >= this.items.length - 1;
  }

  get answered(): number {
    return this.items.filter((i) => i.verdict).length;
  }

  get right(): number {
    return this.items.filter((i) => i.outcome === 'right').length;
  }

  get wrong(): Item[] {
    return this.items.filter((i) => i.outcome === 'wrong');
  }

  get earned(): number {
    return this.items.reduce((n, i) => n + i.earned, 0);
  }

  /** Points of the questions that were answered. */
  get points(): number {
    return this.items.reduce((n, i) => n + (i.verdict ? i.points : 0), 0);
  }

  get seconds(): number {
    return this.items.reduce((n, i) => n + i.seconds, 0);
  }

  seek(index: number): void {
    this.#leave();
    this.finished = false;
    this.index = Math.min(Math.max(0, index), Math.max(0, this.items.length - 1));
  }

  /** The next question, or after the last one the summary. */
  next(): void {
    this.#leave();
    if (this.atEnd) this.finished = true;
    else this.index += 1;
  }

  finish(): void {
    this.#leave();
    this.finished = true;
  }

  pick(option: string): void {
    if (this.current.open && this.current.options.includes(option)) this.current.answer = option;
  }

  /** Time passes only for a question that is being answered. */
  tick(seconds: number): void {
    if (!this.finished && this.current?.open) this.current.seconds = Math.min(86_400, this.current.seconds + seconds);
  }

  /** Has the question on the screen marked. A failure leaves it as it was, and is thrown. */
  async submit(): Promise<void> {
    const item = this.current;
    if (!item.ready) return;
    item.busy = true;
    try {
      item.settle(await this.#mark(item.question.id, item.sent, item.seconds));
    } finally {
      item.busy = false;
    }
  }

  /** Submits what is open, else goes on. */
  async enter(): Promise<void> {
    if (this.current.verdict) this.next();
    else await this.submit();
  }

  /** 1–4, A–D and the arrows; true if the key was its own. */
  key(key: string): boolean {
    if (this.finished) return false;
    if (key === 'ArrowLeft') return this.seek(this.index - 1), true;
    if (key === 'ArrowRight') return this.seek(this.index + 1), true;
    const { question, options } = this.current;
    const name = key.toUpperCase();
    const option = question.kind === 'judge' ? JUDGE_KEYS[name] : options.includes(name) ? name : /^[1-9]$/.test(key) ? options[Number(key) - 1] : undefined;
    if (!option || !this.current.open) return false;
    this.pick(option);
    return true;
  }

  /** A round of the wrong ones, from the beginning. */
  redo(): Runner {
    return new Runner(this.wrong.map((i) => i.question), this.#mark, this.#selfMark);
  }
}
