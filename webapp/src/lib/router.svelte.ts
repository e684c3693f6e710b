/** The address bar as state. Links are plain `<a href>`; `start` turns clicks on them into page changes. */

class Router {
  path = $state(location.pathname);
  search = $state(location.search);
  hash = $state(location.hash);

  get query(): URLSearchParams {
    return new URLSearchParams(this.search);
  }

  go(to: string, { replace = false } = {}): void {
    const url = new URL(to, location.href);
    if (replace) history.replaceState(null, '', url);
    else if (url.href !== location.href) history.pushState(null, '', url);
    this.#read();
  }

  start(): () => void {
    const pop = () => this.#read();
    const click = (e: MouseEvent) => {
      if (e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
      const a = (e.target as Element).closest?.('a');
      if (!a || a.target || a.hasAttribute('download') || a.origin !== location.origin) return;
      if (a.pathname.startsWith('/api') || a.getAttribute('href')!.startsWith('#')) return;
      e.preventDefault();
      this.go(a.href);
    };
    addEventListener('popstate', pop);
    document.addEventListener('click', click);
    return () => {
      removeEventListener('popstate', pop);
      document.removeEventListener('click', click);
    };
  }

  #read(): void {
    this.path = location.pathname;
    this.search = location.search;
    this.hash = location.hash;
  }
}

export const router = new Router();
