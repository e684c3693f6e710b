import type { Leaf } from '../../lib/types';

export interface Branch {
  leaf: Leaf;
  children: Branch[];
  /** Expected marks a paper: its own, or the sum of its leaves. */
  marks: number;
  /** How many leaves under it have a note. */
  written: number;
  total: number;
}

export function buildTree(leaves: Leaf[]): Branch[] {
  const all = new Map(leaves.map((leaf) => [leaf.id, { leaf, children: [], marks: 0, written: 0, total: 0 } as Branch]));
  const roots: Branch[] = [];
  for (const branch of all.values()) {
    const parent = branch.leaf.parent ? all.get(branch.leaf.parent) : undefined;
    (parent?.children ?? roots).push(branch);
  }
  const count = (b: Branch): void => {
    b.children.forEach(count);
    b.marks = b.leaf.marks ?? b.children.reduce((n, c) => n + c.marks, 0);
    b.total = b.children.length ? b.children.reduce((n, c) => n + c.total, 0) : 1;
    b.written = b.children.length ? b.children.reduce((n, c) => n + c.written, 0) : Number(!!b.leaf.note);
  };
  roots.forEach(count);
  return roots;
}

/** Ids from the root down to `id`. */
export function pathTo(leaves: Map<string, Leaf>, id: string): string[] {
  const out: string[] = [];
  for (let at = leaves.get(id); at; at = at.parent ? leaves.get(at.parent) : undefined) out.unshift(at.id);
  return out;
}
