/** A solver with its arguments as an address. Numbers and words as they are, the rest as JSON. */
import type { Args } from './types';

export function permalink(solver: string, args: Args): string {
  const q = new URLSearchParams();
  for (const [key, value] of Object.entries(args)) {
    if (value === null || value === '') continue;
    if (Array.isArray(value) && value.every((v) => typeof v === 'number')) q.set(key, value.join(','));
    else q.set(key, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  // Commas and colons are legal in a query, and a link that can be read is worth having.
  const text = q.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return `/solve/${solver}${text ? `?${text}` : ''}`;
}
