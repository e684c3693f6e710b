/** Accounts over HTTP (docs/reference/accounts.md): their shapes and their calls. Who is signed in: me.svelte.ts. */
import { json, part } from './api';
import type { Me, Role, User } from './me.svelte';

/** What a code is for. */
export interface Looked {
  kind: 'join' | 'reset';
  role: Role;
  name: string | null;
  class: string | null;
  teacher: string | null;
  expires_at: string;
}
export interface Quota {
  questions: { used: number; limit: number; renews_at: string };
  documents: { used_bytes: number; limit_bytes: number };
  upload_bytes: number;
  streams: number;
}
export interface SessionHead {
  id: string;
  created_at: string;
  last_seen: string;
  agent: string;
  current: boolean;
}
export interface Key {
  id: string;
  name: string;
  created_at: string;
  last_used: string | null;
}
export interface Joined {
  id: string;
  name: string;
  teacher: string;
  consent: boolean;
  joined_at: string;
}
export interface Taught {
  id: string;
  name: string;
  members: number;
  created_at: string;
}

export const account = {
  login: (name: string, password: string) => json<Me>('POST', '/login', { name, password }),
  look: (code: string) => json<Looked>('POST', '/look', { code }),
  register: (code: string, name: string, password: string, consent: boolean) => json<Me>('POST', '/register', { code, name, password, consent }),
  reset: (code: string, password: string) => json<Me>('POST', '/reset', { code, password }),
  rename: (name: string) => json<Me>('PATCH', '/me', { name }),
  password: (old: string, next: string) => json<Me>('POST', '/me/password', { old, new: next }),
  quota: () => json<Quota>('GET', '/me/quota'),
  sessions: () => json<SessionHead[]>('GET', '/me/sessions'),
  endSession: (id: string) => json('DELETE', `/me/sessions/${part(id)}`),
  keys: () => json<Key[]>('GET', '/me/keys'),
  addKey: (name: string) => json<{ id: string; name: string; key: string }>('POST', '/me/keys', { name }),
  removeKey: (id: string) => json('DELETE', `/me/keys/${part(id)}`),
  remove: (password: string) => json('POST', '/me/delete', { password }, 120_000),
  classes: () => json<{ joined: Joined[]; taught: Taught[] }>('GET', '/classes'),
  join: (code: string, consent: boolean) => json<Joined>('POST', '/classes/join', { code, consent }),
  consent: (id: string, consent: boolean) => json<Joined>('PATCH', `/classes/${part(id)}`, { consent }),
  leave: (id: string) => json('DELETE', `/classes/${part(id)}`),
};

/** Something to be handed over once: a link with a code after `#`. */
export interface Link {
  code: string;
  path: string;
}
export const addressOf = (link: Link): string => location.origin + link.path;

export interface Invite {
  id: string;
  role: Role;
  class: string | null;
  uses_left: number;
  expires_at: string;
  created_at: string;
}
export interface Limits {
  questions_day: number;
  upload_mb: number;
  documents_mb: number;
  streams: number;
}
/** `null` goes back to the default. */
export type LimitChange = { [K in keyof Limits]?: number | null };
export interface Member extends User {
  created_at: string;
  last_seen: string | null;
  disabled: boolean;
  ready: boolean;
  quota: Partial<Limits>;
  questions_today: number;
}
export interface Logged {
  id: number;
  at: string;
  actor: string;
  action: string;
  target: string;
  detail: string;
}

export const admin = {
  users: () => json<Member[]>('GET', '/admin/users'),
  add: (name: string, role: Role) => json<Link & { user: User; expires_at: string }>('POST', '/admin/users', { name, role }),
  change: (id: string, what: { role?: Role; disabled?: boolean; quota?: LimitChange }) => json<Member>('PATCH', `/admin/users/${part(id)}`, what),
  reset: (id: string) => json<Link & { expires_at: string }>('POST', `/admin/users/${part(id)}/reset`, {}),
  remove: (id: string) => json('DELETE', `/admin/users/${part(id)}`, undefined, 120_000),
  invites: () => json<Invite[]>('GET', '/admin/invites'),
  invite: (role: Role, uses: number, days: number) => json<Invite & Link>('POST', '/admin/invites', { role, uses, days }),
  withdraw: (id: string) => json('DELETE', `/admin/invites/${part(id)}`),
  limits: () => json<Limits>('GET', '/admin/quota'),
  setLimits: (what: LimitChange) => json<Limits>('PATCH', '/admin/quota', what),
  log: (before?: number) => json<Logged[]>('GET', `/admin/audit?limit=100${before ? `&before=${before}` : ''}`),
};
