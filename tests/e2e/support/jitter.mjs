// A world where other things come first than usual: what nobody may rely on, neither the portal nor its tests. `JITTER`
// says how, as in `reads=400,events=2000`; CONTRIBUTING.md tells its parts.
import assert from 'node:assert/strict';

const PARTS = /^(seed|reads|writes|events|store|clock|cpu)=(-?\d+)$/;

const told = (process.env.JITTER ?? '').split(',').filter(part => part !== '');
const read = part => PARTS.exec(part)?.slice(1) ?? assert.fail(`JITTER has no ${part}`);
const jitter = Object.fromEntries(told.map(read).map(([part, number]) => [part, Number(number)]));
assert.ok(!(jitter.seed < 1), 'JITTER wants a seed from 1 on');
/** So late one thing may be after the other. */
const LATE = ['reads', 'writes', 'events', 'store'].reduce((sum, part) => sum + (jitter[part] ?? 0), 0);

/** How long to wait for what takes so many milliseconds at most where nothing is late, and so many things in a row. */
export const patience = (most, things = 10) => (most + things * LATE) * Math.max(1, jitter.cpu ?? 1);

/** So many contexts there were: each is late in its own way. */
let contexts = 0;

/** To be called for each browser context, before anything is done with it. */
export async function shake(context) {
  if (told.length === 0) return;
  contexts += 1;
  await context.addInitScript(late, { ...jitter, seed: (jitter.seed ?? 1) * 7919 + contexts });
  context.on('page', async page => {
    if (jitter.cpu === undefined) return;
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: jitter.cpu });
  });
}

/** Runs in the page: calls leave late and answers come late, by at most what is told together. */
function late({ seed, reads = 0, writes = 0, events = 0, store = 0, clock = 0 }) {
  const { fetch, setTimeout, Date: Clock } = globalThis;
  let state = seed;
  const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
  // The first numbers of small seeds are small.
  for (let drawn = 0; drawn < 5; drawn += 1) random();
  const pause = most => most > 0 && new Promise(over => setTimeout(over, most * random()));
  const news = { transform: (chunk, out) => Promise.resolve(pause(events)).then(() => out.enqueue(chunk)) };
  globalThis.fetch = async (what, options) => {
    const { url, method } = what instanceof Request ? what : new Request(what, options);
    const [, first] = new URL(url).pathname.split('/');
    if (!['subscriptions', 'me', 'events', 'records'].includes(first)) return fetch(what, options);
    const most = first === 'events' ? events : method === 'GET' ? reads : writes;
    await pause(most / 2);
    const answer = await fetch(what, options);
    await pause(most / 2);
    return first === 'events' ? new Response(answer.body?.pipeThrough(new TransformStream(news)), answer) : answer;
  };
  globalThis.Date = new Proxy(Clock, {
    construct: (kind, values) => new kind(...(values.length > 0 ? values : [kind.now() + clock])),
    get: (kind, name) => (name === 'now' ? () => kind.now() + clock : kind[name]),
  });
  if (store === 0) return;
  // What the database says comes late, and in its order.
  let last = Promise.resolve();
  const delay = (of, name, kind) => {
    const { set } = Object.getOwnPropertyDescriptor(kind.prototype, name);
    const after = heard => event => (last = last.then(() => pause(store)).then(() => heard(event)));
    return Object.defineProperty(of, name, { configurable: true, set: heard => set.call(of, after(heard)) });
  };
  const { getAll } = IDBObjectStore.prototype;
  const { transaction } = IDBDatabase.prototype;
  IDBObjectStore.prototype.getAll = function (...what) {
    return delay(getAll.apply(this, what), 'onsuccess', IDBRequest);
  };
  IDBDatabase.prototype.transaction = function (...what) {
    return delay(transaction.apply(this, what), 'oncomplete', IDBTransaction);
  };
}
