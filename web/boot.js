// Starts the portal: loads its wasm, or says on the page why it could not.
import init from './portal.js';

try {
  await init({ module_or_path: new URL('portal_bg.wasm', import.meta.url) });
} catch (error) {
  const message = document.createElement('p');
  message.setAttribute('role', 'alert');
  message.textContent = `The portal could not start: ${error instanceof Error ? error.message : error}.`;
  document.body.append(message);
  throw error;
}
