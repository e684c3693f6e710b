/** What was read from a question in words, on its way to the solver's page. */
import type { Args } from '../../lib/types';

export interface Understanding {
  solver: string;
  question: string;
  args: Args;
  missing: string[];
  confidence: number;
}

export const handoff = $state<{ current: Understanding | null }>({ current: null });
