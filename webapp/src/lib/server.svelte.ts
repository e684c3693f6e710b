/** Whether the local server answers, and what it last said about itself. */
import { api } from './api';
import { me } from './me.svelte';
import type { Status } from './types';

class Server {
  status = $state<Status | null>(null);
  lost = $state(false);
  /** How often it has come back: what failed meanwhile asks again. */
  recoveries = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  lose(): void {
    if (this.lost) return;
    this.lost = true;
    this.#later(1500);
  }

  found(): void {
    if (!this.lost) return;
    this.lost = false;
    this.recoveries += 1;
  }

  /** Asks for the status now, and again later: soon while the server is lost or busy, else every half minute. */
  check = async (): Promise<void> => {
    clearTimeout(this.#timer);
    if (me.out) {
      if (this.lost) await me.ask();
      if (this.lost) this.#later(3000);
      return;
    }
    try {
      this.status = await api.status();
    } catch {
      // `api` has noted a lost server; any other failure shows up when the user does something.
    }
    const busy = this.status?.model.state === 'loading';
    this.#later(this.lost || busy ? 3000 : 30_000);
  };

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (document.hidden && !this.lost ? this.#later(ms) : this.check()), ms);
  }
}

export const server = new Server();
