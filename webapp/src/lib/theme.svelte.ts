import { load, save } from './store';

export type Theme = 'auto' | 'light' | 'dark';

class ThemeState {
  choice = $state<Theme>(load<Theme>('theme', 'auto'));
  #system = matchMedia('(prefers-color-scheme: dark)');
  #systemDark = $state(this.#system.matches);

  constructor() {
    this.#system.addEventListener('change', (e) => (this.#systemDark = e.matches));
  }

  get dark(): boolean {
    return this.choice === 'dark' || (this.choice === 'auto' && this.#systemDark);
  }

  set(choice: Theme): void {
    this.choice = choice;
    save('theme', choice);
    if (choice === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
  }
}

export const theme = new ThemeState();
