// Keeps the shell of the app, never the API: answers and study data always come from the server.
const CACHE = 'a408-' + "11c98fe9cba2";
const SHELL = ["/","/theme.js","/icon.svg","/manifest.webmanifest","/assets/AnswerPanel-DFyQrpB6.js","/assets/AnswerPanel-bDRqMk5u.css","/assets/Markdown-BQrDCB5m.css","/assets/Markdown-DpmlRhdF.js","/assets/Options-Bg4Apw1g.css","/assets/Options-CHVFAOrx.js","/assets/Player-4H01UW4L.js","/assets/Player-xm-s8PBl.css","/assets/QuestionView-C0EaIxX4.css","/assets/QuestionView-D7ceMq9H.js","/assets/Radar-UD-9wd3c.css","/assets/Radar-_2Y42jlm.js","/assets/Sampling-BTSA6793.js","/assets/Sampling-DbVF4FYK.css","/assets/Sheet-CQGqHluZ.js","/assets/Sheet-DxROCSLW.css","/assets/SolverCard-DaUOe6vU.js","/assets/SolverCard-Dbdlavql.css","/assets/SubjectFilter-BDYTpLIo.js","/assets/SubjectFilter-RAVCFLUy.css","/assets/book-BONWC6Gj.css","/assets/book-DO-SRhZR.js","/assets/chat-BvG0LIJP.js","/assets/chat-CnqF5EQS.css","/assets/diagrams-BPlrwbZB.js","/assets/documents-SgBcv1Kz.js","/assets/exam-BKqZMm-9.css","/assets/exam-BvoU9IA-.js","/assets/highlight-Bo3l2yfy.js","/assets/index-C9oYXLxT.css","/assets/index-D5PZxaAe.js","/assets/katex-BXXuiXGo.css","/assets/katex-BxGmONnW.js","/assets/katex-CSXMK6fL.js","/assets/library-BYsEETZN.css","/assets/library-C5tPiPmI.js","/assets/notes-D9PlA03e.js","/assets/practice-BWnRqnLE.js","/assets/practice-DnT2uOua.css","/assets/purify.es-BXoPR7WT.js","/assets/render-f2xjED4y.js","/assets/review-BOb5i8KW.css","/assets/review-BZudT19q.js","/assets/review-CcHifYRI.js","/assets/rolldown-runtime-XKyaHtl9.js","/assets/settings-B9Ytf1Ja.css","/assets/settings-CpVn38LO.js","/assets/solve-CMGfijhz.js","/assets/solve-Dez4FD0L.css","/assets/subjects-CnCfsU67.js","/assets/theme.svelte-jAKIOPWT.js","/assets/time-BiO64MCD.js","/assets/tree-DonF4XY9.js"];

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
