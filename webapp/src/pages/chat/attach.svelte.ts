/** The files that wait to go with the next question: read by the server, held here, sent along once. */
import { sentence, upload } from '../../lib/api';
import { toasts } from '../../lib/toast.svelte';
import type { Attachment } from '../../lib/types';

export const ACCEPT = '.txt,.md,.pdf,.docx,.pptx,.epub,.html,image/png,image/jpeg,image/webp';
const MOST = 5;
const CHARACTERS = 60_000; // of all together, as the server says
const BYTES = 30 << 20;

interface Waiting {
  key: number;
  name: string;
  /** Not yet read while `null`. */
  read: Attachment | null;
}

let keys = 0;
const length = (a: Attachment) => a.pages.reduce((n, p) => n + p.text.length, 0);

export class Attachments {
  list = $state.raw<Waiting[]>([]);

  get reading(): boolean {
    return this.list.some((w) => !w.read);
  }

  async add(files: Iterable<File>): Promise<void> {
    for (const file of files) {
      if (this.list.length >= MOST) return toasts.show(`一个问题最多附 ${MOST} 个文件，“${file.name}”没有加上。`, undefined, 7000);
      if (file.size > BYTES) {
        toasts.show(`“${file.name}”超过 30 MB，请在知识库页上传。`, undefined, 7000);
        continue;
      }
      const mine: Waiting = { key: ++keys, name: file.name, read: null };
      this.list = [...this.list, mine];
      try {
        const { name, pages, note } = await upload<Attachment & { note: string }>('/attachments', file);
        const read = { name, pages };
        if (length(read) + this.list.reduce((n, w) => n + (w.read ? length(w.read) : 0), 0) > CHARACTERS) throw new Error('long');
        this.list = this.list.map((w) => (w.key === mine.key ? { ...w, read } : w));
        if (note) toasts.show(note, undefined, 8000);
      } catch (e) {
        this.drop(mine.key);
        toasts.show(e instanceof Error && e.message === 'long' ? `几个附件合起来超过 ${CHARACTERS} 字，“${file.name}”没有加上。` : sentence(e), undefined, 9000);
      }
    }
  }

  drop(key: number): void {
    this.list = this.list.filter((w) => w.key !== key);
  }

  /** What is ready goes with the question that is being sent. */
  take(): Attachment[] {
    const ready = this.list.map((w) => w.read).filter((r) => r !== null);
    this.list = [];
    return ready;
  }
}
