// Keeps the shell of the app, never the API: answers and study data always come from the server.
const CACHE = 'a408-' + "a73d2b7cfb65";
const SHELL = ["/","/theme.js","/icon.svg","/manifest.webmanifest","/assets/AnswerPanel-Dx6B6ZbT.js","/assets/AnswerPanel-bDRqMk5u.css","/assets/Markdown-BQmh-GeA.js","/assets/Markdown-BQrDCB5m.css","/assets/Player-jyXEdFcc.js","/assets/Player-xm-s8PBl.css","/assets/Sampling-BwscBbv3.js","/assets/Sampling-DbVF4FYK.css","/assets/Sheet-DxROCSLW.css","/assets/Sheet-NsI6w9EI.js","/assets/book-BONWC6Gj.css","/assets/book-CwS6CdQF.js","/assets/chat-ByKXfk2o.js","/assets/chat-DL3h9Ca2.css","/assets/diagrams-B1ZBpacW.js","/assets/highlight-Bo3l2yfy.js","/assets/index-BpIYfW9L.js","/assets/index-C9oYXLxT.css","/assets/katex-BXXuiXGo.css","/assets/katex-BxGmONnW.js","/assets/katex-CSXMK6fL.js","/assets/notes-D9PlA03e.js","/assets/practice-DnhhMO_6.js","/assets/practice-QrtD3-AQ.css","/assets/purify.es-BXoPR7WT.js","/assets/render-B11zdtjC.js","/assets/rolldown-runtime-XKyaHtl9.js","/assets/settings-CLLBHulG.js","/assets/settings-Dpp1PbN6.css","/assets/solve-BI3UA1l9.js","/assets/solve-Dez4FD0L.css","/assets/subjects-CnCfsU67.js","/assets/theme.svelte-CZKzSM_x.js","/assets/tree-DonF4XY9.js"];

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((keys) => Promise.all(keys.filter((k) => k.startsWith('a408-') && k !== CACHE).map((k) => caches.delete(k))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/api') || url.pathname.startsWith('/v1')) return;
  if (event.request.mode === 'navigate') {
    event.respondWith(fetch(event.request).catch(() => caches.match('/')));
  } else if (url.pathname.startsWith('/assets/')) {
    // Names carry a hash of the content, so a cached copy is never stale.
    event.respondWith(
      caches.match(event.request).then(
        (hit) =>
          hit ||
          fetch(event.request).then((answer) => {
            if (answer.ok && !(answer.headers.get('content-type') || '').includes('text/html')) {
              const copy = answer.clone();
              caches.open(CACHE).then((cache) => cache.put(event.request, copy));
            }
            return answer;
          }),
      ),
    );
  } else if (SHELL.includes(url.pathname)) {
    event.respondWith(fetch(event.request).catch(() => caches.match(event.request)));
  }
});
