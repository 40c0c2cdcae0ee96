// Starts the portal: loads its wasm, or says on the page why it could not.
import init from './portal.js';

function tell(words) {
  const message = document.createElement('p');
  message.setAttribute('role', 'alert');
  message.className = 'stopped';
  message.textContent = words;
  document.body.prepend(message);
}

// After a trap the wasm's memory cannot be trusted: it answers no more, and the page must say so.
function stopped(error) {
  if (error instanceof WebAssembly.RuntimeError && document.querySelector('.stopped') === null) {
    tell('The portal met a fault of its own and has stopped. Reload the page: the documents are in its address.');
  }
}
addEventListener('error', ({ error }) => stopped(error));
addEventListener('unhandledrejection', ({ reason }) => stopped(reason));

// Where all the data lives in this browser, the portal works without a network as well.
if (document.querySelector('meta[name="jitgate-data"]')?.content === 'browser') {
  // Without it the portal works as long as there is a network.
  navigator.serviceWorker?.register('/sw.js').catch(() => {});
}

// Whoever waits for longer than a blink is told for what.
const loading = document.createElement('p');
loading.setAttribute('role', 'status');
loading.className = 'loading';
loading.textContent = 'Loading the portal…';
const late = setTimeout(() => document.body.prepend(loading), 300);

try {
  await init({ module_or_path: new URL('portal_bg.wasm', import.meta.url) });
} catch (error) {
  tell(`The portal could not start: ${error instanceof Error ? error.message : error}.`);
  throw error;
} finally {
  clearTimeout(late);
  loading.remove();
}
