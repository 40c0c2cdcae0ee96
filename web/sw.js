// Keeps the portal at hand without a network, where all its data lives in this browser.
//
// The build writes down the files of this version, whose addresses have a fingerprint and never change: those come from
// the cache. The page itself is asked for anew, so that a newer version is seen at once; without a network, or where the
// site has no answer, it comes from the cache as well, with the files that belong to it. A new version waits until no page uses the old one.
const CACHE = 'jitgate-%VERSION%';
const FILES = '%FILES%'.split(' ');
const PAGE = '/';

self.addEventListener('install', event => {
  const page = new Request(PAGE, { cache: 'reload' });
  event.waitUntil(caches.open(CACHE).then(cache => cache.addAll([page, ...FILES])));
});

self.addEventListener('activate', event => {
  const old = names => names.filter(name => name.startsWith('jitgate-') && name !== CACHE);
  event.waitUntil(
    caches
      .keys()
      .then(names => Promise.all(old(names).map(name => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    event.respondWith(visited(request));
  } else if (FILES.includes(pathname)) {
    event.respondWith(kept(pathname).then(found => (found.ok ? found : fetch(request))));
  }
});

/** The page as the site has it now; as it is kept where there is no network, where the site is ill, and where it does not
    know the portal's addresses. */
async function visited(request) {
  const found = await fetch(request).catch(() => Response.error());
  if (found.type !== 'error' && found.status !== 404 && found.status < 500) return found;
  const old = await kept(PAGE);
  return old.ok ? old : found;
}

async function kept(path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path, { ignoreVary: true })) ?? Response.error();
}
