/**
 * The answer sheet of an exam that is being sat: what stands where, what the server hasn't confirmed, and the time left.
 * No clock, no network and no storage of its own.
 */
import type { Change, ExamHead, ExamItem, ExamView } from '../../lib/exams';

export interface Outside {
  /** Sends a packet. */
  put: (seq: number, item: number, answers: Change[]) => Promise<ExamHead>;
  /** Keeps what isn't confirmed, should the page go; `null` when all is. */
  keep: (pending: Pending | null) => void;
  /** Milliseconds that only grow. */
  now: () => number;
}

/** Changes that a page couldn't bring home, and the `seq` it was at. */
export interface Pending {
  seq: number;
  changes: Change[];
}

const SILENCE_S = 90; // after this the server has stopped the clock
const place = (c: Change) => `${c.number}.${c.flag === undefined ? (c.part ?? 0) : 'flag'}`;

export class Sheet {
  readonly items: ExamItem[];
  answers = $state<Record<string, string>>({});
  flags = $state<Record<number, boolean>>({});
  /** The number of the question on the screen. */
  open = $state(1);
  /** Whether changes wait for the server. */
  dirty = $state(false);
  lost = $state(false);
  /** How often something was changed. */
  changes = $state(0);
  #left: { seconds: number; at: number };
  #seq: number;
  #pending = new Map<string, Change>(); // by place
  #sending: Promise<ExamHead | null> | null = null;
  readonly #out: Outside;

  constructor(view: ExamView, out: Outside, pending: Pending | null = null) {
    this.items = view.items;
    this.#out = out;
    this.#seq = view.seq;
    this.#left = { seconds: view.left_s, at: out.now() };
    this.open = view.items.some((i) => i.number === view.item) ? view.item! : (view.items[0]?.number ?? 1);
    for (const a of view.answers) this.answers[`${a.number}.${a.part}`] = a.answer;
    for (const n of view.flags) this.flags[n] = true;
    // What another page has said since is newer than what this one left behind.
    if (pending && pending.seq >= view.seq) for (const c of pending.changes) this.#change(c);
  }

  get item(): ExamItem {
    return this.items.find((i) => i.number === this.open)!;
  }

  get index(): number {
    return this.items.findIndex((i) => i.number === this.open);
  }

  answer(number: number, part = 0): string {
    return this.answers[`${number}.${part}`] ?? '';
  }

  answered(item: ExamItem): boolean {
    if (item.kind !== 'big') return this.answer(item.number) !== '';
    return item.parts!.some((_, i) => this.answer(item.number, i + 1).trim() !== '');
  }

  get unanswered(): number[] {
    return this.items.filter((i) => !this.answered(i)).map((i) => i.number);
  }

  get flagged(): number[] {
    return this.items.filter((i) => this.flags[i.number]).map((i) => i.number);
  }

  /** Seconds left by the server's clock, as far as it is known. */
  left(): number {
    const since = (this.#out.now() - this.#left.at) / 1000;
    return Math.max(0, this.#left.seconds - Math.min(since, SILENCE_S));
  }

  write(number: number, part: number, answer: string): void {
    if (this.answer(number, part) !== answer) this.#change({ number, part, answer });
  }

  /** An option; chosen again, it is taken back. */
  pick(option: string): void {
    const { item } = this;
    if (item.kind === 'single' && option in item.choices!) this.write(item.number, 0, this.answer(item.number) === option ? '' : option);
  }

  flag(number: number): void {
    this.#change({ number, flag: !this.flags[number] });
  }

  seek(number: number): void {
    if (this.items.some((i) => i.number === number)) this.open = number;
  }

  step(by: number): void {
    const to = this.items[this.index + by];
    if (to) this.open = to.number;
  }

  /** A–E, 1–5, F and the arrows; true if the key was its own. */
  key(key: string): boolean {
    if (key === 'ArrowLeft') return this.step(-1), true;
    if (key === 'ArrowRight') return this.step(1), true;
    const name = key.toUpperCase();
    if (name === 'F') return this.flag(this.open), true;
    const options = Object.keys(this.item.choices ?? {});
    const option = options.includes(name) ? name : /^[1-9]$/.test(key) ? options[Number(key) - 1] : undefined;
    return option ? (this.pick(option), true) : false;
  }

  /**
   * Sends what is new, or a heartbeat; one packet at a time. What failed goes with the next one.
   *
   * Returns what the server says, or `null` if it can't be reached. A refusal (`status` 400 and above) is thrown.
   */
  async send(): Promise<ExamHead | null> {
    await this.#sending?.catch(() => null);
    const mine = (this.#sending = this.#packet());
    try {
      return await mine;
    } finally {
      if (this.#sending === mine) this.#sending = null;
    }
  }

  async #packet(): Promise<ExamHead | null> {
    const sent = [...this.#pending];
    try {
      const head = await this.#out.put(++this.#seq, this.open, sent.map(([, c]) => c));
      this.#left = { seconds: head.left_s, at: this.#out.now() };
      this.lost = false;
      for (const [key, c] of sent) if (this.#pending.get(key) === c) this.#pending.delete(key);
      this.#kept();
      return head;
    } catch (e) {
      // 401: signed out; what is written waits as it does for a lost server.
      if (e instanceof Error && 'status' in e && Number(e.status) >= 400 && Number(e.status) < 500 && Number(e.status) !== 401) throw e;
      this.lost = true;
      return null;
    }
  }

  #change(c: Change): void {
    if (c.flag === undefined) this.answers[`${c.number}.${c.part ?? 0}`] = c.answer ?? '';
    else this.flags[c.number] = c.flag;
    this.#pending.set(place(c), c);
    this.changes += 1;
    this.#kept();
  }

  #kept(): void {
    this.dirty = this.#pending.size > 0;
    this.#out.keep(this.dirty ? { seq: this.#seq, changes: [...this.#pending.values()] } : null);
  }
}
