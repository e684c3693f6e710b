/** Where the reader was: the note last open, and for each note the heading at the top of the screen and how far past it. */
import { load, save } from '../../lib/store';

export interface Place {
  heading: string;
  offset: number;
  at: number;
}

interface Places {
  last: string;
  notes: Record<string, Place>;
}

const KEEP = 60;
const read = (): Places => load<Places>('book.places', { last: '', notes: {} });

export function place(note: string): Place | undefined {
  return read().notes[note];
}

export function lastNote(): string {
  return read().last;
}

export function keepPlace(note: string, heading: string, offset: number): void {
  const all = read();
  all.last = note;
  all.notes[note] = { heading, offset: Math.round(offset), at: Date.now() };
  const names = Object.keys(all.notes).sort((a, b) => all.notes[b].at - all.notes[a].at);
  for (const name of names.slice(KEEP)) delete all.notes[name];
  save('book.places', all);
}
