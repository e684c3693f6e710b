export interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
}

class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;

  show(text: string, action?: Toast['action'], ms = action ? 9000 : 4000): void {
    const id = this.#next++;
    this.list.push({ id, text, action });
    setTimeout(() => this.drop(id), ms);
  }

  drop(id: number): void {
    this.list = this.list.filter((t) => t.id !== id);
  }
}

export const toasts = new Toasts();
