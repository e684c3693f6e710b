/** Who sits in front of the pages. Without accounts there is one user, and none of this shows. */
import { json } from '../api/client';
import { server } from './server.svelte';
import { forget, load, save } from './store';

export type Role = 'student' | 'teacher' | 'admin';
const RANKS: Role[] = ['student', 'teacher', 'admin'];
export const ROLES: Record<Role, string> = { student: '学生', teacher: '老师', admin: '管理员' };

export interface User {
  id: string;
  name: string;
  role: Role;
}
export interface Me {
  accounts: boolean;
  user: User | null;
  /** The token that every change carries. */
  csrf: string | null;
  /** There is no administrator yet. */
  setup: boolean;
}

class Myself {
  #said = $state.raw<Me | null>(null);
  /** Whether the server has been asked; if it didn't answer, the pages show themselves and it is asked again. */
  asked = $state(false);

  get known(): boolean {
    return this.#said !== null;
  }
  get accounts(): boolean {
    return this.#said?.accounts ?? false;
  }
  get user(): User | null {
    return this.#said?.user ?? null;
  }
  get csrf(): string {
    return this.#said?.csrf ?? '';
  }
  get setup(): boolean {
    return this.#said?.setup ?? false;
  }
  /** Nobody is signed in where somebody has to be. */
  get out(): boolean {
    return this.accounts && !this.user;
  }
  /** Whoever has a program of his own may do everything. */
  may(role: Role): boolean {
    return !this.accounts || (this.user !== null && RANKS.indexOf(this.user.role) >= RANKS.indexOf(role));
  }

  async ask(): Promise<void> {
    try {
      this.take(await json<Me>('GET', '/me', undefined, 8_000));
    } catch {
      // A lost server is noted by the client.
    }
    this.asked = true;
  }

  /**
   * Takes over what the server says. What another person left in this browser goes first: the page loads anew, at `to`
   * or where it is.
   */
  take(said: Me, to = ''): void {
    const before = load('user', '');
    const back = this.out && said.user !== null;
    if (said.user) {
      if (before && before !== said.user.id) {
        forget();
        save('user', said.user.id);
        if (to) history.replaceState(null, '', to);
        return location.reload();
      }
      save('user', said.user.id);
    }
    this.#said = said;
    if (!back) return;
    server.recoveries += 1; // what failed meanwhile asks again
    server.check();
  }

  /** The session has ended. */
  lose(): void {
    this.#said = { accounts: true, user: null, csrf: null, setup: false };
  }

  /** Asks for the token again, which another tab may have changed; whether there is a new one. */
  async renewed(): Promise<boolean> {
    const { csrf, user } = this;
    if (!user) return false;
    await this.ask();
    return this.csrf !== csrf && this.user?.id === user.id;
  }

  /** Leaves nothing of this person in the browser. */
  async leave(to = '/'): Promise<void> {
    await json('POST', '/logout', {});
    this.gone(to);
  }
  gone(to = '/'): void {
    forget();
    history.replaceState(null, '', to);
    location.reload();
  }
}

export const me = new Myself();
