/** The plan in hand, task by task. It outlives the page, so that a look into the book loses nothing. */
import { api } from '../../lib/api';
import type { Plan, Task } from '../../lib/review';
import { tellPoints } from '../practice/round.svelte';
import { Runner } from '../practice/runner.svelte';

/** What became of a task; a big question counts as right when it earned all its points. */
export type Outcome = 'right' | 'wrong' | 'skipped';

class Today {
  plan = $state.raw<Plan | null>(null);
  index = $state(0);
  outcomes = $state<Outcome[]>([]);
  /** Of the task on the screen, if it is a question. */
  runner = $state.raw<Runner | null>(null);

  start(plan: Plan): void {
    this.plan = plan;
    this.index = 0;
    this.outcomes = [];
    this.#open();
  }

  /** Forgets the round; the next look at today asks for a new plan. */
  end(): void {
    this.runner?.finish();
    this.plan = null;
    this.runner = null;
  }

  get tasks(): readonly Task[] {
    return this.plan?.tasks ?? [];
  }

  get task(): Task | undefined {
    return this.tasks[this.index];
  }

  /** A round that is begun and not done. */
  get going(): boolean {
    return !!this.task && this.index > 0;
  }

  /** On to the next task. */
  pass(outcome: Outcome): void {
    this.runner?.finish();
    this.outcomes[this.index] = outcome;
    this.index += 1;
    this.#open();
  }

  count(outcome: Outcome): number {
    return this.outcomes.filter((o) => o === outcome).length;
  }

  #open(): void {
    const task = this.task;
    this.runner = task?.kind === 'question' ? new Runner([task.question], api.answer, tellPoints) : null;
  }
}

export const today = new Today();
