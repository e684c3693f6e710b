// Keeps the shell of the app, never the API: answers and study data always come from the server.
const CACHE = 'a408-' + "28ac260cd6dd";
const SHELL = ["/","/theme.js","/icon.svg","/manifest.webmanifest","/assets/AnswerPanel-BFqd_PSD.js","/assets/AnswerPanel-bDRqMk5u.css","/assets/InviteList-BKflfDmB.js","/assets/InviteList-CpUeznv3.css","/assets/Joined-BTdWPNp5.js","/assets/Joined-CBvvMzuH.css","/assets/Markdown-BQrDCB5m.css","/assets/Markdown-BmvRK0Er.js","/assets/NewPassword-B0syIBgt.js","/assets/NewPassword-DU68ZBfG.css","/assets/Once-BxX_pKqs.css","/assets/Once-XIOpwExb.js","/assets/Options--k3-dw73.js","/assets/Options-UKPenfM1.css","/assets/Player-DSqmNPFn.js","/assets/Player-xm-s8PBl.css","/assets/PrivacyLine-BcJaspbw.css","/assets/PrivacyLine-WDiRvzzx.js","/assets/QuestionView-AVI6W7b6.css","/assets/QuestionView-Bj5uyKCy.js","/assets/Radar-BsIxxqx9.js","/assets/Radar-UD-9wd3c.css","/assets/Sampling-DbVF4FYK.css","/assets/Sampling-DmXSShqx.js","/assets/Sheet-C1Dzd2s6.js","/assets/Sheet-DxROCSLW.css","/assets/SolverCard-BDLb7Q8t.js","/assets/SolverCard-Dbdlavql.css","/assets/SubjectFilter-DGeg7idg.js","/assets/SubjectFilter-RAVCFLUy.css","/assets/accounts-CwPDH4bh.js","/assets/admin-CKVXAi0P.js","/assets/admin-fCfpCTs6.css","/assets/book-Cjx3tP0K.js","/assets/book-DA4cJGue.css","/assets/chat-BQcSmaYP.css","/assets/chat-D2mzhrzN.js","/assets/class-Blp75YRr.js","/assets/class-C9zcUyAd.css","/assets/classes-CtkNKqay.js","/assets/clip-SGgoJZjS.js","/assets/diagrams-D55jua0Z.js","/assets/documents-DHJhcchX.js","/assets/door-BMFK4IGx.js","/assets/door-BNIEEUbL.css","/assets/exam--VK9rF0E.js","/assets/exam-CJ9a6stM.css","/assets/format-enY3IWmQ.js","/assets/highlight-Bo3l2yfy.js","/assets/index-BWiIp1Rc.js","/assets/index-Bp5ro983.css","/assets/katex-BXXuiXGo.css","/assets/katex-BxGmONnW.js","/assets/katex-CSXMK6fL.js","/assets/library-CDBphFvY.css","/assets/library-DdD6-3ZR.js","/assets/mastery-Ba-EQPag.js","/assets/models-B1u8K6wV.css","/assets/models-CFkPnPzX.js","/assets/notes-D9PlA03e.js","/assets/practice-BZ-9jJ8V.js","/assets/practice-U27GFKrC.css","/assets/purify.es-BXoPR7WT.js","/assets/recover.svelte-CMOjWZVg.js","/assets/render-f2xjED4y.js","/assets/review-B7zfsCGG.js","/assets/review-Bf1mwMBZ.js","/assets/review-CWXXmgfd.css","/assets/rolldown-runtime-XKyaHtl9.js","/assets/settings-2d4mQo5x.css","/assets/settings-DxddqDXb.js","/assets/solve-C7QEWzpK.css","/assets/solve-DS0obCYe.js","/assets/subjects-CnCfsU67.js","/assets/tabs.svelte-DibqaX7Y.js","/assets/theme.svelte-D7FfExgx.js","/assets/time-BiO64MCD.js","/assets/toast.svelte-CW2b4pce.js","/assets/tree-DonF4XY9.js"];

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
