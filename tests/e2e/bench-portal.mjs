// Measures the portal in Chromium, in one run: what travels, when it shows, and the table of machines as fleets grow.
// `cargo xtask bench portal [MACHINES…]`; it prints, and fails for nothing.
import { chromium } from 'playwright-core';
import { Panel } from './pages/panels.mjs';
import { serverWith } from './support/imported.mjs';
import { fleet } from './support/fleet.mjs';
import { FLAGS } from './support/portal.mjs';

const sizes = process.argv.slice(2).map(Number).filter(size => size > 0);
if (sizes.length === 0) sizes.push(100, 1_000, 10_000);

/** What is timed: a letter in the search, a turn of the wheel, a drag of the scroll bar, a click on a column's head. */
const KINDS = ['keystroke', 'scroll', 'jump', 'sort'];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: FLAGS,
});
const results = [];
for (const size of sizes) {
  const server = await serverWith(fleet(size));
  results.push({ size, ...(await measure(server)) });
  await server.stop();
}
await browser.close();
print(results);

async function measure(server) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript(token => sessionStorage.setItem('jitgate-token', token), server.token);
  await context.addInitScript(keepMemories);
  const page = await context.newPage();
  page.setDefaultTimeout(300_000);
  await page.goto(server.url);
  await page.getByRole('searchbox', { name: 'Search machines' }).waitFor();
  const [usable, { files }] = [await page.evaluate(() => performance.now()), await transfer(page)];
  await page.locator('tbody [role=row]').first().waitFor();
  const [rows, { answers }] = [await page.evaluate(() => performance.now()), await transfer(page)];
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  const result = { paint, usable, rows, files, answers };
  for (const kind of KINDS) result[kind] = await page.evaluate(steps, kind);
  result.inPage = await page.locator('tbody [role=row]').count();
  result.memory = await memory(page);
  result.preview = await preview(page);
  await context.close();
  return result;
}

/** What came over the wire until now: files of the portal, and answers of the API. */
function transfer(page) {
  return page.evaluate(() => {
    const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    const sum = own => entries.filter(own).reduce((sum, entry) => sum + entry.transferSize, 0);
    const isApi = ({ name }) => /\/(subscriptions|me|events)\b/.test(new URL(name).pathname);
    return { files: sum(entry => !isApi(entry)), answers: sum(isApi) };
  });
}

/** In the form that enables JIT: from a letter in a field until what it would do to the network is known. */
async function preview(page) {
  await page.getByRole('tab', { name: /^Not configured/ }).click();
  const row = page.locator('tbody [role=row]', { has: page.getByRole('button', { name: 'Reachable' }) }).first();
  await row.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: 'Enable JIT' }).click();
  const panel = new Panel(page);
  await panel.port('22 SSH').click();
  await panel.fill({ blocks: '10.0.0.0/8' });
  await panel.impact.getByText('Closed at rest').waitFor();
  const times = [];
  for (let block = 1; block <= 8; block++) {
    const answer = page.waitForResponse(response => new URL(response.url()).pathname.endsWith('/preview'));
    const start = performance.now();
    await panel.field('CIDR blocks').fill(`10.${block}.0.0/16`);
    await (await answer).finished();
    times.push(performance.now() - start);
  }
  return summed(times);
}

function summed(times) {
  times.sort((a, b) => a - b);
  return { median: times[times.length >> 1], worst: times.at(-1) };
}

/** Before the page: keeps each memory of WebAssembly that its modules make. */
function keepMemories() {
  globalThis.memories = new Set();
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const real = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await real.apply(WebAssembly, given);
      for (const it of Object.values((made.instance ?? made).exports)) if (it instanceof WebAssembly.Memory) memories.add(it);
      return made;
    };
  }
}

/** The heap of JavaScript and the memory of WebAssembly, in bytes. */
async function memory(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.collectGarbage');
  const { usedSize } = await client.send('Runtime.getHeapUsage');
  const wasm = await page.evaluate(() => [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0));
  return { heap: usedSize, wasm };
}

/**
 * In the page. Does steps of a kind and times each: from the event until all that hears of it has run and the layout is
 * known.
 */
async function steps(kind) {
  const frame = () => new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)));
  // Microtasks are done by the next task.
  const task = () =>
    new Promise(done => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = done;
      port2.postMessage(0);
    });
  const field = document.querySelector('input[type=search]');
  const letter = text => () => {
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  };
  const height = document.documentElement.scrollHeight;
  const to = place => () => {
    scrollTo(0, place);
    dispatchEvent(new Event('scroll'));
  };
  const heads = [...document.querySelectorAll('thead button')];
  const numbers = Array.from({ length: 40 }, (_, number) => number);
  const actions = {
    keystroke: ['w', 'we', 'web', 'web-', 'web-1', 'web-12', 'web-1', 'web-', 'web', 'we', 'w', ''].map(letter),
    scroll: numbers.map(number => to(number * 120)),
    jump: numbers.map(number => to((((number * 7) % 40) * height) / 40)),
    sort: [...heads, ...heads].map(head => () => head.click()),
  }[kind];
  const times = [];
  for (const action of actions) {
    const start = performance.now();
    action();
    await task();
    document.querySelector('tbody')?.getBoundingClientRect();
    times.push(performance.now() - start);
    await frame();
  }
  times.sort((a, b) => a - b);
  return { median: times[times.length >> 1], worst: times.at(-1) };
}

function print(results) {
  const [first] = results;
  const lines = [
    ['', ...results.map(({ size }) => `${size} machines`)],
    ['files of the portal, KB', ...results.map(it => kilo(it.files))],
    ['answers of the API, KB', ...results.map(it => kilo(it.answers))],
    ['first paint, ms', ...results.map(it => ms(it.paint))],
    ['page usable, ms', ...results.map(it => ms(it.usable))],
    ['first rows, ms', ...results.map(it => ms(it.rows))],
    ['rows in the page', ...results.map(it => String(it.inPage))],
    ...KINDS.map(name => [
      `${name}, ms (worst)`,
      ...results.map(it => `${ms(it[name].median)} (${ms(it[name].worst)})`),
    ]),
    ['preview while typing, ms (worst)', ...results.map(it => `${ms(it.preview.median)} (${ms(it.preview.worst)})`)],
    ['JavaScript heap, MB', ...results.map(it => mega(it.memory.heap))],
    ['WebAssembly memory, MB', ...results.map(it => mega(it.memory.wasm))],
    ['growth of machines', ...results.map(it => ratio(it.size, first.size))],
    ['growth of first rows', ...results.map(it => ratio(it.rows, first.rows))],
    ['growth of a keystroke', ...results.map(it => ratio(it.keystroke.median, first.keystroke.median))],
    ['growth of a scroll step', ...results.map(it => ratio(it.scroll.median, first.scroll.median))],
    ['growth of a preview', ...results.map(it => ratio(it.preview.median, first.preview.median))],
  ];
  const widths = lines[0].map((_, column) => Math.max(...lines.map(line => line[column].length)));
  for (const line of lines) {
    console.log(line.map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column]))).join('   '));
  }
}

function ms(time) {
  return time === undefined ? '-' : time.toFixed(time < 10 ? 1 : 0);
}

function kilo(bytes) {
  return (bytes / 1000).toFixed(0);
}

function mega(bytes) {
  return (bytes / 1e6).toFixed(1);
}

function ratio(value, base) {
  return `× ${(value / base).toFixed(1)}`;
}
