// Keeps the shell of the app, never the API: answers and study data always come from the server.
const CACHE = 'a408-' + "7a94efddad9f";
const SHELL = ["/","/theme.js","/icon.svg","/manifest.webmanifest","/assets/AnswerPanel-EyrAXHvC.js","/assets/AnswerPanel-bDRqMk5u.css","/assets/Markdown-BQrDCB5m.css","/assets/Markdown-Bw0qugi6.js","/assets/Options-DnwMqMQZ.js","/assets/Options-UKPenfM1.css","/assets/Player-CcdqygyX.js","/assets/Player-xm-s8PBl.css","/assets/QuestionView-B_npvWHm.css","/assets/QuestionView-C6zi64kP.js","/assets/Radar-Bb_NUvwm.js","/assets/Radar-UD-9wd3c.css","/assets/Sampling-DbVF4FYK.css","/assets/Sampling-PMKbtTTM.js","/assets/Sheet-B6L_HsAL.js","/assets/Sheet-DxROCSLW.css","/assets/SolverCard-Dbdlavql.css","/assets/SolverCard-Dqw5Gjy0.js","/assets/SubjectFilter-C8x-nWIl.js","/assets/SubjectFilter-RAVCFLUy.css","/assets/book-BONWC6Gj.css","/assets/book-GAgj-jDo.js","/assets/chat-5sR1b9M3.js","/assets/chat-CnqF5EQS.css","/assets/diagrams-k7Ziuu2p.js","/assets/documents-BZnw0Oas.js","/assets/exam-DPeA0bOf.js","/assets/exam-D_gNPlcP.css","/assets/highlight-Bo3l2yfy.js","/assets/index-CRMiZHL0.css","/assets/index-CyLWH9ce.js","/assets/katex-BXXuiXGo.css","/assets/katex-BxGmONnW.js","/assets/katex-CSXMK6fL.js","/assets/library-D6o5fnLC.css","/assets/library-DWof1mr6.js","/assets/notes-D9PlA03e.js","/assets/practice-DlOR6_s8.css","/assets/practice-NWmJRqot.js","/assets/purify.es-BXoPR7WT.js","/assets/render-f2xjED4y.js","/assets/review-BW0INQc6.css","/assets/review-Do_W-DoD.js","/assets/review-DvoBkGU4.js","/assets/rolldown-runtime-XKyaHtl9.js","/assets/settings-B9Ytf1Ja.css","/assets/settings-DL2Weibh.js","/assets/solve-C7QEWzpK.css","/assets/solve-CkHAZDNP.js","/assets/subjects-CnCfsU67.js","/assets/theme.svelte-DsonXb3D.js","/assets/time-BiO64MCD.js","/assets/tree-DonF4XY9.js"];

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
