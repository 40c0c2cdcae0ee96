// Virtual machines: the list, and one machine with its sections.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Machine, Machines, openMachine } from './pages/machines.mjs';
import { Panel } from './pages/panels.mjs';
import { hold } from './support/held.mjs';
import { axe, inEverySize } from './support/axe.mjs';
import { heading } from './support/heading.mjs';
import { OFFICE } from './support/machines.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { network } from './support/samples.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();

/** Two machines whose operating system nobody knows. */
const [machines, ...others] = network();
const [web1, ...rest] = JSON.parse(machines.text);
const located = { ...web1, location: 'westeurope' };
const web2 = { ...located, id: located.id.replace('web1', 'web2'), name: 'web2' };
const files = [{ ...machines, text: JSON.stringify([located, web2, ...rest]) }, ...others];
const plain = usePortal({ data: { files, policies: [] } });

/** Of the made-up fleet: with an open port behind a firewall, with one that anybody reaches, without just-in-time access. */
const BEHIND_FIREWALL = 'dc-swe-02';
const EXPOSED = 'old-fax-psa-01';
const PLAIN = 'ledger-sql-pne-01';
const COPIES = { permissions: ['clipboard-read', 'clipboard-write'] };

for (const backend of backends) {
  const list = async options => {
    const page = await portal.page('/machines', { backend, ...options });
    const machines = new Machines(page);
    await machines.rows.first().waitFor();
    return machines;
  };

  test(`the list is searched by words, and the address holds them (${backend})`, async () => {
    const machines = await list();
    await until(() => machines.count(), 322);
    await machines.search.fill('dc-swe windows');
    await machines.page.getByRole('status').filter({ hasText: /^\d+ of 322 virtual machines$/ }).waitFor();
    const names = await machines.rows.getByRole('link').allTextContents();
    assert.ok(names.length > 0 && names.every(name => name.startsWith('dc-swe')), names.join());
    await machines.page.waitForURL(/\?q=dc-swe\+windows$/);
    await machines.page.reload();
    await until(() => machines.rows.getByRole('link').allTextContents(), names);
    await machines.search.fill('zzzz');
    await machines.page.getByText('Nothing found').waitFor();
  });

  test(`the list is sorted, walked with the keyboard, and has a menu for each machine (${backend})`, async () => {
    const machines = await list();
    const { page, rows } = machines;
    await until(() => machines.count(), 322);
    // Those in sight are in the page.
    assert.ok((await rows.count()) < 60);
    const first = await rows.first().getByRole('link').textContent();
    await machines.head('Name').getByRole('button').click();
    await until(() => machines.head('Name').getAttribute('aria-sort'), 'descending');
    await until(async () => (await rows.first().getByRole('link').textContent()) !== first, true);
    await machines.head('Name').getByRole('button').click();
    await until(() => rows.first().getByRole('link').textContent(), first);
    await rows.first().getByRole('link').focus();
    await page.keyboard.press('Control+End');
    await until(() => page.evaluate(() => document.activeElement.closest('[role=row]').ariaRowIndex), '323');
    await page.keyboard.press('Control+Home');
    await until(() => page.evaluate(() => document.activeElement.textContent), first);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await machines.menu.getByRole('menuitem', { name: 'Properties' }).click();
    await page.getByRole('dialog').getByText(first).first().waitFor();
    await page.keyboard.press('Escape');
    await until(() => page.evaluate(() => document.activeElement.ariaLabel), `More for ${first}`);
  });

  test(`a machine has its facts and its sections, by links alone (${backend})`, async () => {
    const machines = await list();
    const machine = await openMachine(machines.page, EXPOSED);
    assert.equal(await machine.fact('Resource group').textContent(), 'rg-legacy-psa');
    assert.equal(await machine.fact('Operating system').textContent(), 'Linux');
    await until(() => machine.fact('Private IP address').textContent(), '10.13.5.4');
    assert.equal(await machine.fact('Public IP address').textContent(), 'None known');
    assert.match(await machine.fact('Open now').textContent(), /^Port 22 for ines\.okafor@meridian\.example, \d:\d\d:\d\d left$/);
    await machine.page.getByText(/^1 port is open by request; port 22 can be reached without a request/).waitFor();
    for (const name of ['Configuration', 'Connect', 'Exposure', 'Overview']) {
      await machine.go(name);
      await until(() => machine.section(name).getAttribute('aria-current'), 'page');
      if (name === 'Configuration') await machine.page.getByText(/^No network security group .* its ports are not closed\.$/).waitFor();
    }
    await machine.page.goBack();
    await machine.page.getByRole('region', { name: 'Exposure', exact: true }).waitFor();
    await machine.section('Activity log').click();
    await heading(machine.page, 'Activity log').waitFor();
  });

  test(`one click enables just-in-time access, and no other machine is lost (${backend})`, async () => {
    const machines = await list();
    const page = machines.page;
    const standing = async words => {
      await machines.search.fill(PLAIN);
      await machines.row(PLAIN).getByText(words, { exact: true }).waitFor();
    };
    await standing('Not configured');
    const machine = await openMachine(page, PLAIN);
    await machine.go('Configuration');
    assert.equal(await machine.fact('RDP port').textContent(), '3389');
    // What it does can be looked at before.
    await page.getByRole('button', { name: 'Choose the ports, see what changes' }).click();
    const panel = await new Panel(page).ready();
    await panel.impact.getByText('Closed at rest').waitFor();
    await page.keyboard.press('Escape');
    await panel.gone();
    await machine.enable.click();
    await machine.toast(`enabled on ${PLAIN}`).waitFor();
    await page.getByText('Just-in-time access is enabled on this virtual machine.').waitFor();
    await until(() => machine.ports.allTextContents(), ['3389AnyPer request3 hoursdefault']);
    const link = page.getByRole('link', { name: 'Open Just-in-time VM access to view and change the settings' });
    assert.equal(await link.getAttribute('href'), `/?tab=configured&q=${PLAIN}`);
    await page.getByRole('link', { name: 'Virtual machines', exact: true }).first().click();
    await machines.rows.first().waitFor();
    await standing('Configured');
  });

  test(`the page to connect from offers to enable it, or to ask, and has the line that connects (${backend})`, async () => {
    const machines = await list(COPIES);
    const page = machines.page;
    const machine = await openMachine(page, BEHIND_FIREWALL);
    await machine.go('Connect');
    const address = await machine.fact('Address').textContent();
    const port = (await machine.fact('Port').textContent()).split(' ')[0];
    const line = page.getByRole('group', { name: 'Remote Desktop command' });
    assert.equal(await line.textContent(), `mstsc /v:${address}:${port}`);
    assert.notEqual(port, '3389');
    await page.getByRole('button', { name: 'Copy the Remote Desktop command' }).click();
    await machine.toast('Copied').waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `mstsc /v:${address}:${port}`);
    await machine.request.click();
    await page.getByRole('dialog', { name: /^Request access/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.goto(new URL('/machines', page.url()).href);
    const other = await openMachine(page, EXPOSED);
    await other.go('Connect');
    const ssh = page.getByRole('group', { name: 'SSH command' });
    await until(() => ssh.textContent(), 'ssh azureuser@10.13.5.4');
    await page.getByRole('textbox', { name: 'User name' }).fill('ops; reboot');
    await until(() => ssh.textContent(), 'ssh opsreboot@10.13.5.4');
    await page.goto(new URL('/machines', page.url()).href);
    await (await openMachine(page, 'ledger-sql-pne-02')).go('Connect');
    await new Machine(page).enable.waitFor();
    assert.equal(await page.getByText('is not enabled').count(), 1);
  });

  test(`of what is open to connect by, one's own stands first, and what is somebody else's says so (${backend})`, async () => {
    const name = 'track-web-psa-06';
    const machines = await list();
    const page = machines.page;
    const machine = await openMachine(page, name);
    await machine.go('Connect');
    const note = page.getByText(/^Somebody else asked for this/);
    await until(() => note.count(), 1);
    await axe(page, "somebody else's access");
    await machine.request.click();
    const panel = await new Panel(page).ready();
    await panel.machine(name).ask('22 SSH', OFFICE, '1');
    await panel.openPorts.click();
    await panel.dialog.getByText(`${name} port 22 is open`).waitFor();
    await page.keyboard.press('Escape');
    await panel.gone();
    const open = page.getByRole('article');
    await until(() => open.count(), 2);
    await until(() => open.first().getByText(OFFICE).count(), 1);
    assert.equal(await open.first().filter({ has: note }).count(), 0);
    assert.equal(await open.last().filter({ has: note }).count(), 1);
  });

  test(`what lets somebody in is told for each address of a machine, and JIT only where it is on (${backend})`, async () => {
    const machines = await list();
    let machine = await openMachine(machines.page, 'orders-pg-pwe1-02');
    await machine.go('Exposure');
    const rows = async () => {
      const texts = await machine.unprotected.allTextContents();
      return Object.fromEntries(texts.map(text => [/^TCP (3389|5985|5986)/.exec(text)?.[1], text]));
    };
    await until(() => machine.unprotected.count(), 3);
    for (const text of Object.values(await rows())) {
      assert.match(text, /AnyInternet.*No rule: nothing filters 10\.14\.7\.5/);
      assert.match(text, /Also with JIT's rules in place$/);
    }
    assert.match((await rows())[3389], /AllowRdpFromJump/);
    assert.match(await machine.residual.first().textContent(), /No rule: nothing filters 10\.14\.7\.5/);
    await machine.link('Virtual machines').click();
    machine = await openMachine(machines.page, 'build-swe-05');
    await machine.go('Exposure');
    await until(() => machine.unprotected.count(), 4);
    for (const text of Object.values(await rows())) {
      assert.match(text, /Now$/);
      assert.doesNotMatch(text, /JIT|Internet|nothing filters/);
    }
  });

  test(`what is open counts down, and closes after a question that names who loses it (${backend})`, async () => {
    const machines = await list();
    const page = machines.page;
    const machine = await openMachine(page, EXPOSED);
    await machine.go('Exposure');
    const left = machine.open.getByRole('timer');
    const first = await left.textContent();
    assert.match(first, /^\d:\d\d:\d\d( left)$/);
    await until(async () => (await left.textContent()) !== first, true);
    assert.match(await machine.residual.first().textContent(), /^TCP 22AnyInternet/);
    assert.equal(await machine.unprotected.count(), 3);
    const close = machine.close(`port 22 of ${EXPOSED}`);
    await close.click();
    await machine.question.getByText('ines.okafor@meridian.example').waitFor();
    await axe(page, 'the question');
    await page.keyboard.press('Escape');
    await until(() => machine.question.count(), 0);
    await until(() => close.evaluate(it => it === document.activeElement), true);
    await close.click();
    await machine.question.getByRole('button', { name: 'Close now' }).click();
    await machine.toast(`Closed: port 22 of ${EXPOSED}`).waitFor();
    await page.getByText('No request is open.', { exact: true }).waitFor();
    // Its row is gone: the focus is on the heading that it stood under.
    await until(() => page.evaluate(() => document.activeElement.textContent), 'Open by request');
    const by = backend === 'server' ? /: closed .* by \S+, asked for until / : /: closed .* by you, asked for until /;
    await page.getByRole('listitem').filter({ hasText: 'Port 22 for ines.okafor@meridian.example' }).filter({ hasText: by }).waitFor();
    // What is open in spite of it is still told.
    await page.getByText(/^Port 22 can be reached without a request/).waitFor();
  });

  test(`every section in every size and theme (${backend})`, async () => {
    const { page } = await list();
    await inEverySize(page, 'the list');
    const machine = await openMachine(page, BEHIND_FIREWALL);
    for (const name of ['Overview', 'Configuration', 'Connect', 'Exposure']) {
      await machine.go(name);
      await inEverySize(page, name);
    }
  });
}

test('a long command to connect by stays within a narrow page', async () => {
  const page = await portal.page('/requests', { backend: 'server' });
  // PowerShell's is the longest.
  const rows = page.getByRole('group', { name: 'Requests as a table' }).getByRole('row');
  await rows.filter({ has: page.getByRole('cell', { name: /^598[56]$/ }) }).getByRole('link').first().click();
  const machine = new Machine(page);
  await machine.go('Connect');
  await page.getByRole('group', { name: 'PowerShell command' }).waitFor();
  await inEverySize(page, 'a long command');
});

test('one extends what one has asked for oneself, for as long again', async () => {
  const { url, token } = await portal.at('server');
  const page = await portal.page('/machines', { backend: 'server' });
  const machines = new Machines(page);
  await machines.rows.first().waitFor();
  const machine = await openMachine(page, 'parcel-sort-pne-01');
  const id = new URL(page.url()).searchParams.get('id');
  const api = (path, body) =>
    page.request.fetch(`${url}${path}?api-version=2020-01-01`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}` },
      data: body,
    });
  const exposure = await (await api(`${id}/providers/Microsoft.Security/jitExposure`)).json();
  const ports = [{ number: 22, duration: 'PT10M', allowedSourceAddressPrefix: '203.0.113.9' }];
  const opened = await api(`${exposure.policies[0].id}/initiate`, { virtualMachines: [{ id, ports }] });
  assert.equal(opened.status(), 202, await opened.text());
  await machine.go('Exposure');
  await until(() => machine.open.getByRole('timer').allTextContents().then(all => /^0:0\d:/.test(all[0])), true);
  await machine.extend('port 22 of parcel-sort-pne-01').click();
  await machine.toast(/^Extended: port 22 of parcel-sort-pne-01 is open until \d\d:\d\d/).waitFor();
  await until(() => machine.open.count(), 1);
  await until(() => machine.open.getByRole('timer').allTextContents().then(all => /^0:1\d:/.test(all[0])), true);
  assert.match(await machine.open.first().textContent(), /from 203\.0\.113\.9/);
});

test('whoever enables a machine of an unknown system says which port it is, and no change of others is lost', async () => {
  const { url, token } = await plain.at('server');
  const page = await plain.page('/machines', { backend: 'server' });
  const machine = await openMachine(page, 'web1');
  assert.equal(await machine.fact('Operating system').textContent(), 'Not known');
  await machine.go('Configuration');
  assert.equal(await machine.enable.getAttribute('aria-disabled'), 'true');
  await axe(page, 'a system that is not known');
  await page.getByRole('radio', { name: 'RDP, port 3389 (Windows)' }).check();
  assert.equal(await machine.enable.getAttribute('aria-disabled'), null);
  // Somebody else makes the policy just before.
  const group = web1.id.split('/providers/')[0];
  const policy = `${group}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default`;
  const call = { headers: { authorization: `Bearer ${token}` } };
  const port = { number: 22, protocol: 'TCP', allowedSourceAddressPrefix: '10.20.0.0/16', maxRequestAccessDuration: 'PT1H' };
  const body = { kind: 'Basic', properties: { virtualMachines: [{ id: web2.id, ports: [port] }] } };
  let puts = 0;
  await page.route(/jitNetworkAccessPolicies\/default/, async route => {
    if (route.request().method() === 'PUT' && puts++ === 0) {
      const put = await page.request.put(`${url}${policy}?api-version=2020-01-01`, { ...call, data: body });
      assert.equal(put.status(), 200);
    }
    await route.continue();
  });
  await machine.enable.click();
  await page.getByText('Just-in-time access is enabled on this virtual machine.').waitFor();
  await until(() => machine.ports.allTextContents(), ['3389AnyPer request3 hoursdefault']);
  assert.equal(puts, 2);
  const stored = await (await page.request.get(`${url}${policy}?api-version=2020-01-01`, call)).json();
  const all = stored.properties.virtualMachines;
  assert.deepEqual(all.map(({ id, ports }) => [id, ports[0].number]), [[web2.id, 22], [web1.id, 3389]]);
});

test('in the browser, one extends what one has asked for, too', async () => {
  const name = 'parcel-sort-pne-01';
  const page = await portal.page('/machines', { backend: 'browser' });
  const machine = await openMachine(page, name);
  await machine.go('Connect');
  await machine.request.click();
  const panel = await new Panel(page).ready();
  const part = panel.machine(name);
  const port = await part.region.getByRole('switch').first().evaluate(box => box.labels[0].textContent);
  await part.ask(port, '203.0.113.9', '1');
  await until(() => panel.reason(), '');
  await panel.openPorts.click();
  await panel.dialog.getByText(new RegExp(`${name} port \\d+ is open`)).waitFor();
  await page.keyboard.press('Escape');
  await panel.gone();
  await machine.go('Exposure');
  const timers = () => machine.open.getByRole('timer').allTextContents();
  await until(() => timers().then(all => all.length === 1 && /^0:59:/.test(all[0])), true);
  const number = /\d+/.exec(port)[0];
  await machine.extend(`port ${number} of ${name}`).click();
  await machine.toast(new RegExp(`^Extended: port ${number} of ${name} is open until \\d\\d:\\d\\d`)).waitFor();
  await until(() => timers().then(all => all.length === 1 && /^1:59:/.test(all[0])), true);
});

test('in the browser, two windows that enable machines of an unknown system lose nothing of each other', async () => {
  const one = await plain.page('/machines', { backend: 'browser' });
  const two = await plain.page('/machines', { backend: 'browser', context: one.context() });
  for (const [page, name] of [[one, 'web1'], [two, 'web2']]) {
    const machine = await openMachine(page, name);
    assert.equal(await machine.fact('Operating system').textContent(), 'Not known');
    await machine.go('Configuration');
    assert.equal(await machine.enable.getAttribute('aria-disabled'), 'true');
  }
  await one.getByRole('radio', { name: 'RDP, port 3389 (Windows)' }).check();
  await two.getByRole('radio', { name: 'SSH, port 22 (Linux)' }).check();
  await Promise.all([one, two].map(page => new Machine(page).enable.click()));
  for (const [page, ports] of [[one, '3389AnyPer request3 hoursdefault'], [two, '22AnyPer request3 hoursdefault']]) {
    await until(() => new Machine(page).ports.allTextContents(), [ports]);
    await page.reload();
    await until(() => new Machine(page).ports.allTextContents(), [ports]);
  }
});

test('what cannot be loaded says why, and is tried again', async () => {
  const page = await portal.page('/settings', { backend: 'server' });
  const refuse = { error: { code: 'AuthorizationFailed', message: 'You may not read this.' } };
  // Without the stream of changes nothing is loaded again by itself.
  await page.route(/jitExposure|\/events/, route => route.fulfill({ status: 403, json: refuse }));
  await page.goto(new URL('/machines', page.url()).href);
  await page.getByRole('alert').filter({ hasText: 'You may not read this.' }).waitFor();
  await axe(page, 'the failure');
  await page.unroute(/jitExposure|\/events/);
  await page.getByRole('button', { name: 'Retry' }).click();
  await new Machines(page).rows.first().waitFor();
});

test('a machine that is not there says so', async () => {
  const page = await portal.page('/machines?id=%2Fsubscriptions%2Fx%2Fnothing', { backend: 'server' });
  await page.getByText('Not found', { exact: true }).waitFor();
  await axe(page, 'no machine');
});

test('a machine is not missed, nor a policy of it, before all have come', async () => {
  const page = await portal.page('/settings', { backend: 'server' });
  const { url, token } = await portal.at('server');
  const get = async path => {
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return (await answer.json()).value;
  };
  const all = (await get('/subscriptions?api-version=2020-01-01')).map(one => one.subscriptionId);
  const last = all.at(-1);
  const providers = `/subscriptions/${last}/providers/Microsoft.Security`;
  const policies = await get(`${providers}/jitNetworkAccessPolicies?api-version=2020-01-01`);
  const { id } = policies.flatMap(policy => policy.properties.virtualMachines).find(machine => machine.id.includes('/Microsoft.Compute/'));
  const machines = await hold(page, url => url.pathname === `${providers}/jitExposure`);
  const rules = await hold(page, url => url.pathname === `${providers}/jitNetworkAccessPolicies`);
  await page.goto(new URL(`/machines?id=${encodeURIComponent(id)}&section=configuration`, page.url()).href);
  await page.getByText(/^Loading the virtual machines: [\d,]+ so far…/).waitFor();
  assert.equal(await page.getByText('Not found', { exact: true }).count(), 0);
  machines();
  await page.getByRole('heading', { name: 'Configuration' }).waitFor();
  await page.getByText(/^Loading the virtual machines/).waitFor();
  assert.equal(await page.getByText('Just-in-time access is enabled on').count(), 0);
  rules();
  await page.getByText('Just-in-time access is enabled on').waitFor();
  assert.ok((await new Machine(page).ports.count()) > 0);
});
