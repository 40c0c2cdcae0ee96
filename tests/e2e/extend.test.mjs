// Extending access: the button says until when before it is pressed, and nothing that is open ends sooner for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMachine } from './pages/machines.mjs';
import { Machines, Panel } from './pages/panels.mjs';
import { axe, inEverySize } from './support/axe.mjs';
import { OFFICE } from './support/machines.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { network } from './support/samples.mjs';
import { until } from './support/until.mjs';

const [first, ...others] = network();
const [web1, ...rest] = JSON.parse(first.text);
const web2 = { ...web1, id: web1.id.replace('web1', 'web2'), name: 'web2' };
const located = [web1, web2].map(machine => ({ ...machine, location: 'westeurope' }));
const files = [{ ...first, text: JSON.stringify([...located, ...rest]) }, ...others];
const rule = (protocol, source, time) => ({
  number: 22,
  protocol,
  allowedSourceAddressPrefix: source,
  maxRequestAccessDuration: time,
});
const virtualMachines = [
  { id: web1.id, ports: [rule('TCP', '*', 'PT3H')] },
  { id: web2.id, ports: [rule('TCP', '198.18.4.0/24', 'PT3H'), rule('UDP', '203.0.113.0/24', 'PT1H')] },
];
const policy = {
  path: `${web1.id.split('/providers/')[0]}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default?api-version=2020-01-01`,
  body: JSON.stringify({ kind: 'Basic', properties: { virtualMachines } }),
};

for (const backend of backends) {
  const portal = usePortal({ data: { files, policies: [policy] } });

  /** A machine with an open port, on its page. */
  const opened = async (name, from, hours) => {
    const page = await portal.page('/machines', { backend });
    const machine = await openMachine(page, name);
    await machine.go('Exposure');
    await machine.request.click();
    const panel = await new Panel(page).ready();
    await panel.machine(name).ask('22 SSH', from, hours);
    await until(() => panel.reason(), '');
    await panel.openPorts.click();
    await panel.dialog.getByText(/ is open from /).waitFor();
    await page.keyboard.press('Escape');
    await panel.gone();
    await until(() => machine.open.count(), 1);
    const end = async () => Date.parse(await machine.open.getByRole('timer').getAttribute('datetime'));
    // As the page's user reads it.
    const clock = time => page.evaluate(time => new Date(time).toTimeString().slice(0, 5), time);
    return { page, machine, end, clock, extend: machine.extend(`port 22 of ${name}`) };
  };
  const HOUR = 3_600_000;

  test(`access is extended for as long again, and no longer than the policy allows (${backend})`, async () => {
    const { page, machine, end, clock, extend } = await opened('web1', OFFICE, '1');
    const begun = await end();
    const to = await clock(begun + HOUR);
    const words = () => extend.textContent();
    await until(words, `Extend to ${to}`);
    assert.ok((await extend.getAttribute('title')).startsWith(`Until ${to}`));
    assert.ok((await extend.getAttribute('aria-label')).startsWith(`${await extend.textContent()}: `));
    await inEverySize(page, 'until when access would be extended');
    await extend.click();
    await machine.toast(`Extended: port 22 of web1 is open until ${to}`).waitFor();
    // To the very second that was promised.
    await until(end, begun + HOUR);
    await until(() => machine.open.count(), 1);
    // As long again would be too long.
    await until(async () => (await words()) === `Extend to ${await clock(Date.now() + 3 * HOUR)}`, true);
    await extend.click();
    await until(async () => Math.abs((await end()) - Date.now() - 3 * HOUR) < 60_000, true);
    // All that is allowed is open now.
    await until(() => extend.getAttribute('aria-disabled'), 'true');
    assert.equal(await extend.textContent(), 'Extend');
    const why = time => `Its policy allows ${time} at a time, which would not end later`;
    assert.equal(await extend.getAttribute('title'), why('3 hours'));
    await axe(page, 'access that cannot be extended');
    const last = await end();
    await extend.press('Enter');
    await machine.toast(why('3 hours')).waitFor();
    assert.equal(await end(), last);

    // The policy becomes a stricter one: that ends nothing that is open.
    const lists = await new Machines(page).show('configured', 'web1');
    const panel = await lists.menu('web1', 'Edit');
    await panel.port('22 SSH').click();
    await panel.fill({ time: '1' });
    await panel.save.click();
    await panel.gone();
    await page.goto(new URL('/requests?machine=web1', page.url()).href);
    await until(() => extend.getAttribute('title'), why('1 hour'));
    await extend.press('Enter');
    await machine.toast(why('1 hour')).waitFor();
    const timer = page.getByRole('group', { name: 'Requests as a table' }).getByRole('timer');
    assert.equal(Date.parse(await timer.getAttribute('datetime')), last);
  });

  test(`of two protocols that of the access says for how long it is extended (${backend})`, async () => {
    const { machine, end, extend } = await opened('web2', '203.0.113.9', '0,5');
    const begun = await end();
    assert.match(await machine.open.textContent(), /^UDP 22/);
    await extend.click();
    await machine.toast('Extended: port 22 of web2 is open until ').waitFor();
    await until(async () => (await end()) - begun > 0.49 * HOUR, true);
    assert.match(await machine.open.textContent(), /^UDP 22/);
  });
}
