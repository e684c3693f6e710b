// Keeps the shell of the app, never the API: answers and study data always come from the server.
const CACHE = 'a408-' + "78113222aefd";
const SHELL = ["/","/theme.js","/icon.svg","/manifest.webmanifest","/assets/AnswerPanel-BNXTG87k.js","/assets/AnswerPanel-bDRqMk5u.css","/assets/Player-CA1xh1iz.js","/assets/Player-xm-s8PBl.css","/assets/Sampling-0ZsqaQIw.js","/assets/Sampling-DbVF4FYK.css","/assets/book-BONWC6Gj.css","/assets/book-CNzoNRT_.js","/assets/chat-DL3h9Ca2.css","/assets/chat-uB2uXa3N.js","/assets/diagrams-CuWo5GHP.js","/assets/highlight-Bo3l2yfy.js","/assets/index-BQ-d5RX7.js","/assets/index-C9oYXLxT.css","/assets/katex-BXXuiXGo.css","/assets/katex-BxGmONnW.js","/assets/katex-CSXMK6fL.js","/assets/notes-BqSCWp2G.js","/assets/notes-DxROCSLW.css","/assets/purify.es-BXoPR7WT.js","/assets/render-Cmxw0sE4.js","/assets/rolldown-runtime-XKyaHtl9.js","/assets/settings-B0WxQ6oy.js","/assets/settings-Dpp1PbN6.css","/assets/solve-B4b2s_pm.js","/assets/solve-Dez4FD0L.css","/assets/subjects-CSRtfT0c.js","/assets/subjects-O-1-75HZ.css","/assets/theme.svelte-6YrSyB-r.js"];

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
