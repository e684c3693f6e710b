/** The user's documents over HTTP: their shapes and their calls. */
import { json, part, query, stream } from './api';

export type DocumentState = 'queued' | 'ready' | 'partial' | 'empty' | 'failed' | 'paused';

export interface Document {
  id: string;
  title: string;
  name: string;
  collection: string;
  state: DocumentState;
  /** What became of it, in one sentence. */
  sentence: string;
  pages: { text: number; ocr: number; empty: number; failed: number };
  /** Pages read from pictures with little confidence. */
  doubtful: number;
  confidence: number | null;
  chunks: number;
  added_at: string;
  job: { state: string; stage: 'read' | 'index'; done: number; total: number; eta_s: number | null } | null;
}

export interface DocumentPage {
  number: number;
  kind: 'text' | 'ocr' | 'empty' | 'failed';
  confidence: number | null;
  note: string;
  width: number;
  height: number;
  edited: boolean;
  text: string;
}

export type DocumentView = Document & { page_list: DocumentPage[] };

export interface Collection {
  id: string;
  name: string;
  documents: number;
}

const at = <R extends string = ''>(id: string, rest: R = '' as R) => `/documents/${part(id)}${rest}` as const;

export const documents = {
  all: (collection?: string) => json<Document[]>('GET', `/documents${query({ collection })}`),
  collections: () => json<Collection[]>('GET', '/documents/collections'),
  one: (id: string) => json<DocumentView>('GET', at(id)),
  add: (file: File, collection: string, password: string) => {
    const form = new FormData();
    form.set('file', file);
    if (collection) form.set('collection', collection);
    if (password) form.set('password', password);
    return json<Document & { what: 'new' | 'same' }>('POST', '/documents', form, 600_000);
  },
  progress: (signal: AbortSignal) => stream('/documents/progress', undefined, signal, 60_000, 'GET'),
  change: (id: string, what: { title?: string; collection?: string }) => json<Document>('PATCH', at(id), what),
  remove: (id: string) => json<object>('DELETE', at(id)),
  pause: (id: string) => json<Document>('POST', at(id, '/pause'), {}),
  resume: (id: string) => json<Document>('POST', at(id, '/resume'), {}),
  cancel: (id: string) => json<object>('POST', at(id, '/cancel'), {}),
  edit: (id: string, page: number, text: string) => json<Document>('PUT', at(id, `/pages/${page}`), { text }),
  recognize: (id: string, page: number) => json<Document>('POST', at(id, `/pages/${page}/ocr`), {}),
  picture: (id: string, page: number, dpi = 110) => `/api${at(id, `/pages/${page}.png`)}?dpi=${dpi}`,
};
