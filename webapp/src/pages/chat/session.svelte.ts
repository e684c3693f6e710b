/** One conversation on the screen: its turns, and the request in flight. */
import { ApiError, api, sentence } from '../../lib/api';
import { preferences } from '../../lib/preferences.svelte';
import { router } from '../../lib/router.svelte';
import { load, save } from '../../lib/store';
import { visited } from '../../lib/visited.svelte';
import type { Attachment, Subject } from '../../lib/types';
import { emptyAnswer, ended, fromResult, fromText, reduce, type AnswerState } from './answer';

export interface Turn {
  key: number;
  question: string;
  answer: AnswerState;
  /** Files that went with it; without pages once the conversation is opened again, since they are kept nowhere. */
  attachments: Attachment[];
}

let keys = 0;

class Session {
  id = $state<string | null>(null);
  title = $state('');
  turns = $state.raw<Turn[]>([]);
  loading = $state(false);
  problem = $state('');
  busy = $state(false);
  subject = $state<Subject | ''>(load<Subject | ''>('subject', ''));
  /** Where it is looked for; `null` is everywhere. */
  collections = $state.raw<string[] | null>(null);
  /** Grows when the list of conversations may have changed. */
  changes = $state(0);
  #abort: AbortController | null = null;

  /** Shows conversation `id` (null: a new one), unless it is the one on the screen. */
  async open(id: string | null): Promise<void> {
    if (id === this.id && !this.problem) return;
    this.stop();
    this.id = id;
    this.title = '';
    this.turns = [];
    this.problem = '';
    this.collections = null;
    this.subject = load<Subject | ''>('subject', '');
    if (id === null) return;
    this.loading = true;
    try {
      const c = await api.conversation(id);
      if (this.id !== id) return;
      this.title = c.title;
      const turns: Turn[] = [];
      for (const m of c.messages) {
        if (m.role === 'user') turns.push({ key: keys++, question: m.content, answer: fromText(''), attachments: [] });
        else if (turns.length) {
          const turn = turns[turns.length - 1];
          turn.answer = m.result ? fromResult(m.result) : fromText(m.content);
          turn.attachments = (m.result?.asked?.attachments ?? []).map((name) => ({ name, pages: [] }));
        }
      }
      this.turns = turns;
      const asked = c.messages.findLast((m) => m.result?.asked)?.result?.asked;
      if (asked) (this.subject = asked.subject ?? ''), (this.collections = asked.collections);
    } catch (e) {
      if (this.id === id) this.problem = sentence(e);
    } finally {
      if (this.id === id) this.loading = false;
    }
  }

  async ask(question: string, attachments: Attachment[] = []): Promise<void> {
    if (this.busy) return;
    const turn: Turn = { key: keys++, question, answer: emptyAnswer(), attachments };
    const mine = (this.#abort = new AbortController());
    this.busy = true;
    this.problem = '';
    this.turns = [...this.turns, turn];
    const update = (change: (a: AnswerState) => AnswerState) => {
      turn.answer = change(turn.answer);
      this.turns = this.turns.map((t) => (t.key === turn.key ? { ...turn } : t));
    };
    let started = false;
    try {
      const body = {
        question,
        conversation_id: this.id ?? undefined,
        subject: this.subject || undefined,
        collections: this.collections ?? undefined,
        attachments: attachments.filter((a) => a.pages.length),
        ...preferences.forAsk(),
      };
      for await (const e of api.ask(body, mine.signal)) {
        if (mine !== this.#abort) return;
        started = true;
        if (e.event === 'start' && this.id !== e.data.conversation_id) {
          this.id = e.data.conversation_id;
          this.title = question;
          visited[''] = `/c/${this.id}`;
          if (router.path === '/') router.go(`/c/${this.id}`, { replace: true });
          this.changes += 1;
        }
        update((a) => reduce(a, e));
      }
      update((a) => ended(a, 'failed', '回答没有写完就断了，请重试。'));
    } catch (e) {
      if (mine.signal.aborted) update((a) => ended(a, 'stopped'));
      else update((a) => ended(a, 'failed', sentence(e)));
      // A question that never reached the server survives a reload as a draft.
      if (!started) save(`draft.${this.id ?? 'new'}`, question);
    } finally {
      if (mine === this.#abort) {
        this.busy = false;
        this.#abort = null;
      }
      this.changes += 1;
    }
  }

  stop(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.busy = false;
  }

  /** Takes back turn `index` and all after it, on the server too, then asks again. */
  async again(index: number, question: string): Promise<void> {
    if (this.busy) return;
    if (this.id) {
      try {
        const { messages } = await api.conversation(this.id);
        const users = messages.filter((m) => m.role === 'user');
        if (users[index]) await api.cutMessages(this.id, users[index].id);
      } catch (e) {
        if (!(e instanceof ApiError && e.status >= 400 && e.status < 500)) {
          this.problem = sentence(e);
          return;
        }
      }
    }
    const { attachments } = this.turns[index];
    this.turns = this.turns.slice(0, index);
    await this.ask(question, attachments);
  }
}

/** The one on the screen. It outlives the page: an answer goes on being written while the reader looks into the book. */
export const session = new Session();
