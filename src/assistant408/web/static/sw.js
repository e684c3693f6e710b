// Keeps the shell of the app, never the API: answers and study data always come from the server.
const CACHE = 'a408-' + "af215a9f5302";
const SHELL = ["/","/theme.js","/icon.svg","/manifest.webmanifest","/assets/AnswerPanel-CeGivHKj.js","/assets/AnswerPanel-bDRqMk5u.css","/assets/Markdown-BQrDCB5m.css","/assets/Markdown-YgiHvl3K.js","/assets/Options-Bg4Apw1g.css","/assets/Options-Cx6HXICK.js","/assets/Player-D5qeJbh2.js","/assets/Player-xm-s8PBl.css","/assets/QuestionView-C0EaIxX4.css","/assets/QuestionView-DI-RjfM1.js","/assets/Radar-DwAjvMMp.js","/assets/Radar-UD-9wd3c.css","/assets/Sampling-DGFiRBB6.js","/assets/Sampling-DbVF4FYK.css","/assets/Sheet-BhqzPWHi.js","/assets/Sheet-DxROCSLW.css","/assets/SolverCard-C_1hnRIw.js","/assets/SolverCard-Dbdlavql.css","/assets/SubjectFilter-C2_eOqNi.js","/assets/SubjectFilter-RAVCFLUy.css","/assets/book-BONWC6Gj.css","/assets/book-DeW_ib01.js","/assets/chat-9qm54GDD.js","/assets/chat-CnqF5EQS.css","/assets/diagrams-CoGLc8cK.js","/assets/documents-DzWi8ssU.js","/assets/exam-BKqZMm-9.css","/assets/exam-BUxp05h6.js","/assets/highlight-Bo3l2yfy.js","/assets/index-C9oYXLxT.css","/assets/index-DdwrIp9n.js","/assets/katex-BXXuiXGo.css","/assets/katex-BxGmONnW.js","/assets/katex-CSXMK6fL.js","/assets/library-BYsEETZN.css","/assets/library-Byed-Idu.js","/assets/notes-D9PlA03e.js","/assets/practice-DnT2uOua.css","/assets/practice-M8WJ8_a2.js","/assets/purify.es-BXoPR7WT.js","/assets/render-f2xjED4y.js","/assets/review-BOb5i8KW.css","/assets/review-BwskVWsh.js","/assets/review-CJTEzjXA.js","/assets/rolldown-runtime-XKyaHtl9.js","/assets/settings-B9Ytf1Ja.css","/assets/settings-Cgs6IruK.js","/assets/solve-BssirxYe.js","/assets/solve-Dez4FD0L.css","/assets/subjects-CnCfsU67.js","/assets/theme.svelte-hOuV8NAi.js","/assets/time-BiO64MCD.js","/assets/tree-DonF4XY9.js"];

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
