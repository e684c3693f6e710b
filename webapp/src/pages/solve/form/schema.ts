/** A solver's JSON schema as a form: what each field is, and how typed text becomes arguments. The server checks the values. */
import type { Args, Schema, Value } from '../../../lib/types';

export type Kind = 'choice' | 'flag' | 'integer' | 'number' | 'text' | 'list' | 'matrix' | 'rows' | 'json';

export interface Column {
  name: string;
  schema: Schema;
  required: boolean;
}

/** What a field holds: text as it is typed, or the cells of a small table (rows and matrices, unless typed as text). */
export interface Entry {
  text: string;
  cells: string[][] | null;
}

export type Form = Record<string, Entry>;

export function kindOf(schema: Schema): Kind {
  if (schema.enum) return 'choice';
  switch (schema.type) {
    case 'boolean':
      return 'flag';
    case 'integer':
    case 'number':
      return schema.type;
    case 'string':
      return 'text';
    case 'array':
      if (schema.items?.type === 'object') return 'rows';
      if (schema.items?.type === 'array') return 'matrix';
      return 'list';
    default:
      return 'json';
  }
}

export function columnsOf(schema: Schema): Column[] {
  const row = schema.items ?? {};
  return Object.entries(row.properties ?? {}).map(([name, s]) => ({ name, schema: s, required: row.required?.includes(name) ?? false }));
}

export function plainText(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.some((v) => v !== null && typeof v === 'object') ? JSON.stringify(value) : value.map(plainText).join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const same = (a: Entry, b: Entry) => JSON.stringify(a) === JSON.stringify(b);
const isEmpty = (row: string[]) => row.every((c) => c.trim() === '');

/** Rows as text: `P1:0:7, P2:2:4`; a matrix: one line a row. */
export function cellsToText(kind: Kind, cells: string[][]): string {
  const rows = cells.filter((r) => !isEmpty(r));
  if (kind === 'matrix') return rows.map((r) => r.map((c) => c.trim()).join(' ')).join('\n');
  return rows
    .map((r) => {
      const last = r.findLastIndex((c) => c.trim() !== '');
      return r.slice(0, last + 1).map((c) => c.trim()).join(':');
    })
    .join(', ');
}

/** The other way; null if the text isn't of that shape (it stays text then, and the server reads it). */
export function textToCells(schema: Schema, text: string): string[][] | null {
  const kind = kindOf(schema);
  const t = text.trim();
  if (t.startsWith('[')) {
    try {
      const value = JSON.parse(t) as Value;
      return Array.isArray(value) ? valueToCells(schema, value) : null;
    } catch {
      return null;
    }
  }
  if (kind === 'matrix') {
    const rows = t.split(/[;；\n]+/).filter((r) => r.trim()).map((r) => r.trim().split(/[,，、\s]+/));
    const width = Math.max(0, ...rows.map((r) => r.length));
    return rows.map((r) => [...r, ...Array<string>(width - r.length).fill('')]);
  }
  const width = columnsOf(schema).length;
  const rows = t.split(/[,，;；、\s]+/).filter(Boolean).map((r) => r.split(/[:：]/));
  if (rows.some((r) => r.length > width)) return null;
  return rows.map((r) => [...r, ...Array<string>(width - r.length).fill('')]);
}

function valueToCells(schema: Schema, value: Value[]): string[][] | null {
  if (kindOf(schema) === 'matrix') {
    if (!value.every(Array.isArray)) return null;
    const rows = (value as Value[][]).map((r) => r.map(plainText));
    const width = Math.max(0, ...rows.map((r) => r.length));
    return rows.map((r) => [...r, ...Array<string>(width - r.length).fill('')]);
  }
  const columns = columnsOf(schema);
  const rows: string[][] = [];
  for (const v of value) {
    if (Array.isArray(v)) rows.push(columns.map((_, i) => plainText(v[i])));
    else if (v !== null && typeof v === 'object') rows.push(columns.map((c) => plainText(v[c.name])));
    else if (typeof v === 'string') rows.push(columns.map((_, i) => v.split(/[:：]/)[i] ?? ''));
    else return null;
  }
  return rows;
}

export function entryOf(schema: Schema, value: Value | undefined): Entry {
  const kind = kindOf(schema);
  if (kind === 'rows' || kind === 'matrix') {
    const cells = Array.isArray(value) ? valueToCells(schema, value) : typeof value === 'string' && value ? textToCells(schema, value) : [];
    if (cells) return { text: '', cells: cells.length ? cells : [blankRow(schema, cells)] };
  }
  return { text: plainText(value), cells: null };
}

/** A new row is empty: a column's default shows as a placeholder, and holds when the cell stays empty. */
export function blankRow(schema: Schema, cells: string[][]): string[] {
  if (kindOf(schema) === 'rows') return columnsOf(schema).map(() => '');
  return Array<string>(Math.max(1, ...cells.map((r) => r.length), cells.length ? 1 : 3)).fill('');
}

export function formOf(schema: Schema, args: Args): Form {
  return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, s]) => [name, entryOf(s, args[name] ?? s.default)]));
}

/** The arguments to send: what is empty or at its default is left out. */
export function argsOf(schema: Schema, form: Form): Args {
  const out: Args = {};
  for (const [name, s] of Object.entries(schema.properties ?? {})) {
    const entry = form[name];
    if (!entry) continue;
    if (!schema.required?.includes(name) && same(entry, entryOf(s, s.default))) continue;
    if (entry.cells) {
      const rows = entry.cells.filter((r) => !isEmpty(r));
      if (!rows.length) continue;
      if (kindOf(s) === 'matrix') out[name] = rows.map((r) => r.filter((c) => c.trim() !== '').map((c) => scalar(s.items?.items, c)));
      else {
        const columns = columnsOf(s);
        out[name] = rows.map((r) => Object.fromEntries(columns.flatMap((c, i) => (r[i]?.trim() ? [[c.name, scalar(c.schema, r[i])]] : []))));
      }
    } else if (entry.text.trim() !== '') {
      out[name] = scalar(s, entry.text);
    }
  }
  return out;
}

/** Plain integers as numbers; all else as text, which the server reads exactly (3/4, 95%, 0x1F). */
function scalar(schema: Schema | undefined, text: string): Value {
  const t = text.trim();
  if (schema?.type === 'boolean') return t === 'true';
  if ((schema?.type === 'integer' || schema?.type === 'number') && /^-?\d{1,15}$/.test(t)) return Number(t);
  return t;
}

/** Fields to show at once: required, or used by an example. The rest are options for the rarer question. */
export function mainFields(schema: Schema, examples: Args[]): Set<string> {
  return new Set([...(schema.required ?? []), ...examples.slice(0, 1).flatMap((e) => Object.keys(e))]);
}

/** Names of required fields that are empty. */
export function missingOf(schema: Schema, form: Form): string[] {
  const args = argsOf(schema, form);
  return (schema.required ?? []).filter((name) => !(name in args));
}

/** One line under a field: what may be written. */
export function hintOf(schema: Schema): string {
  const parts = [schema.description ?? ''];
  const { minimum: low, maximum: high } = schema.type === 'array' ? (schema.items ?? {}) : schema;
  if (low !== undefined && high !== undefined) parts.push(`${low}～${high}`);
  else if (low !== undefined) parts.push(`不小于 ${low}`);
  else if (high !== undefined) parts.push(`不大于 ${high}`);
  if (kindOf(schema) === 'number' && !/[%％/]/.test(parts[0])) parts.push('可写小数、分数或百分数');
  return parts.filter(Boolean).join('；');
}
