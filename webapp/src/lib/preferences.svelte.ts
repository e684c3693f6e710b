/** How answers are made; kept in this browser. Empty means the server's default. */
import { load, save } from './store';
import type { AskBody } from './types';

interface Sampling {
  temperature: number | null;
  top_p: number | null;
  max_tokens: number | null;
  llm: boolean;
}

const DEFAULT: Sampling = { temperature: null, top_p: null, max_tokens: null, llm: true };

class Preferences {
  sampling = $state<Sampling>({ ...DEFAULT, ...load<Partial<Sampling>>('sampling', {}) });

  set(change: Partial<Sampling>): void {
    this.sampling = { ...this.sampling, ...change };
    save('sampling', this.sampling);
  }

  reset(): void {
    this.set(DEFAULT);
  }

  get changed(): boolean {
    return JSON.stringify(this.sampling) !== JSON.stringify(DEFAULT);
  }

  forAsk(): Pick<AskBody, 'llm' | 'options'> {
    const { llm, temperature, top_p, max_tokens } = this.sampling;
    const options = Object.fromEntries(Object.entries({ temperature, top_p, max_tokens }).filter(([, v]) => v !== null));
    return { llm, ...(Object.keys(options).length ? { options } : {}) };
  }
}

export const preferences = new Preferences();
