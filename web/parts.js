// How the portal's parts are fetched: what hangs can be given up, and is then asked for anew.
let parts = new AbortController();
addEventListener('parts-given-up', () => {
  parts.abort();
  parts = new AbortController();
});
// In place of the browser's own for the generated script that stands below.
const fetch = url => globalThis.fetch(url, { signal: parts.signal });
