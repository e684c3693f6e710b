// Keeps the shell of the app, never the API: answers and study data always come from the server.
const CACHE = 'a408-' + "4a658fb6b0b5";
const SHELL = ["/","/theme.js","/icon.svg","/manifest.webmanifest","/assets/AnswerPanel-BFqd_PSD.js","/assets/AnswerPanel-bDRqMk5u.css","/assets/InviteList-BnQ5W8SU.js","/assets/InviteList-CagVR4y3.css","/assets/Joined-C1qBQd_r.js","/assets/Joined-Dwa3niTq.css","/assets/Markdown-B5kIJrxu.js","/assets/Markdown-BQrDCB5m.css","/assets/NewPassword-BjeFN92E.js","/assets/NewPassword-C08Siz8D.css","/assets/Once-BBusoJPs.css","/assets/Once-BGZkMWCV.js","/assets/Options-B1ugq9h2.js","/assets/Options-UKPenfM1.css","/assets/Player-DIPiit2i.js","/assets/Player-xm-s8PBl.css","/assets/PrivacyLine-BcJaspbw.css","/assets/PrivacyLine-CNWH65a7.js","/assets/QuestionView-BK9lEPic.js","/assets/QuestionView-B_npvWHm.css","/assets/Radar-BsIxxqx9.js","/assets/Radar-UD-9wd3c.css","/assets/Sampling-Bk4pychV.js","/assets/Sampling-DbVF4FYK.css","/assets/Sheet-CkyftOd5.js","/assets/Sheet-DxROCSLW.css","/assets/SolverCard-BD9BNdpf.js","/assets/SolverCard-Dbdlavql.css","/assets/SubjectFilter-DGeg7idg.js","/assets/SubjectFilter-RAVCFLUy.css","/assets/accounts-DVfzIQED.js","/assets/admin-fCfpCTs6.css","/assets/admin-fRO41k9s.js","/assets/book-2K9yk_l0.js","/assets/book-DA4cJGue.css","/assets/chat-BQcSmaYP.css","/assets/chat-DQeNhzbU.js","/assets/class-CM7ZPe-0.css","/assets/class-d6gUYSh6.js","/assets/classes-BiP-vJ5g.js","/assets/clip-SGgoJZjS.js","/assets/diagrams-8K_6s_0N.js","/assets/documents-DQq88DXy.js","/assets/door-BNIEEUbL.css","/assets/door-CaiL4fwW.js","/assets/exam-Ce0JSozO.js","/assets/exam-DhX-yzzd.css","/assets/format-enY3IWmQ.js","/assets/highlight-Bo3l2yfy.js","/assets/index-CXjAl3XK.css","/assets/index-DQSa4Q4j.js","/assets/katex-BXXuiXGo.css","/assets/katex-BxGmONnW.js","/assets/katex-CSXMK6fL.js","/assets/library-CUutrazi.js","/assets/library-D6o5fnLC.css","/assets/mastery-Ba-EQPag.js","/assets/models-CgojHPSb.css","/assets/models-D1EymWyI.js","/assets/notes-D9PlA03e.js","/assets/practice-DxVDkJOb.js","/assets/practice-U27GFKrC.css","/assets/purify.es-BXoPR7WT.js","/assets/recover.svelte-CSZ6Ib_L.js","/assets/render-f2xjED4y.js","/assets/review-C39fnJwD.js","/assets/review-DBWpxmSK.js","/assets/review-DvnsAsFE.css","/assets/rolldown-runtime-XKyaHtl9.js","/assets/settings-79AFhlwG.js","/assets/settings-s1319fPY.css","/assets/solve-C0yGHqCj.js","/assets/solve-C7QEWzpK.css","/assets/subjects-CnCfsU67.js","/assets/theme.svelte-D7FfExgx.js","/assets/time-BiO64MCD.js","/assets/toast.svelte-CW2b4pce.js","/assets/tree-DonF4XY9.js"];

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
