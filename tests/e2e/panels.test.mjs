// The panels: enabling, editing, requesting and removing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Panel } from './pages/panels.mjs';
import { axe } from './support/axe.mjs';
import { heading } from './support/heading.mjs';
import { machinesOf, OFFICE } from './support/machines.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();
const machines = machinesOf(portal);

for (const backend of backends) {
  test(`JIT is enabled on one machine with the recommended ports (${backend})`, async () => {
    const page = await machines(backend, 'notConfigured', 'ledger-sql-pne-01');
    const panel = await page.menu('ledger-sql-pne-01', 'Enable JIT');
    for (const port of ['22 SSH', '3389 RDP', '5985 WinRM', '5986 WinRM']) {
      assert.match(await panel.port(port).textContent(), /Any.*Per request.*3 hours/);
    }
    await panel.impact.getByText('Closed at rest').waitFor();
    await axe(page.page, 'enable');
    await panel.save.click();
    await page.shell.toast('JIT is enabled on 1 machine').waitFor();
    await panel.gone();
    await (await page.show('configured', 'ledger-sql-pne-01')).box('ledger-sql-pne-01').waitFor();
    // Those that were in the same policy still are.
    await (await page.show('configured', 'orders-pg-pne-01')).box('orders-pg-pne-01').waitFor();
  });

  test(`JIT is enabled on machines of several groups at once (${backend})`, async () => {
    const names = ['report-bi-pne-01', 'report-bi-psa-01'];
    const page = await machines(backend, 'notConfigured', 'report-bi-p');
    const panel = await page.choose(names, 'Enable JIT on VMs');
    await panel.dialog.getByText('Policies: default in rg-pay-pne (1 machine), default in rg-pay-psa (1 machine)').waitFor();
    await panel.removePort('5985 WinRM').click();
    await panel.removePort('5986 WinRM').click();
    await panel.save.click();
    await page.shell.toast('JIT is enabled on 2 machines').waitFor();
    const after = await page.show('configured', 'report-bi-p');
    for (const name of names) await after.box(name).waitFor();
  });

  test(`ports are added, edited and removed (${backend})`, async () => {
    const name = 'orders-pg-pne-02';
    const page = await machines(backend, 'configured', name);
    const panel = await page.menu(name, 'Edit');
    assert.equal(await panel.reason(), 'There is nothing to save.');
    await panel.add.click();
    await panel.fill({ port: '70000', protocol: 'TCP', blocks: '10.0.0.0/33', time: '30' });
    await panel.dialog.getByText('Port 70000 is outside 0–65535: the service refuses it.').waitFor();
    await panel.dialog.getByText(/10\.0\.0\.0\/33 is no block/).waitFor();
    await panel.dialog.getByText(/30 h is longer than a day/).waitFor();
    await until(() => panel.reason(), 'There are 3 errors to mend.');
    await axe(page.page, 'errors at their fields');
    // The button can be reached and does nothing.
    await panel.save.press('Enter');
    await panel.fill({ port: '8443', blocks: '10.20.0.0/16, 198.18.4.0/24', time: '45', unit: 'minutes' });
    await until(() => panel.reason(), '');
    await panel.field('Allowed source IPs').selectOption('Per request');
    await panel.changes.getByText(/Becomes possible: orders-pg-pne-02: TCP 8443 from Any for/).waitFor();
    await panel.fill({ blocks: '10.20.0.0/16, 198.18.4.0/24' });
    await until(() => panel.reason(), '');
    await panel.ok();
    await panel.changes.getByText(/Becomes possible: orders-pg-pne-02: TCP 8443 from 10\.20\.0\.0/).waitFor();
    await panel.save.click();
    await panel.gone();
    await page.shell.toast('Saved the configuration of 1 machine').waitFor();

    const again = await page.menu(name, 'Edit');
    assert.match(await again.port('8443').textContent(), /TCP.*10\.20\.0\.0\/16, 198\.18\.4\.0\/24.*45 minutes/);
    await again.removePort('8443').click();
    await again.changes.getByText(/No longer possible: orders-pg-pne-02: TCP 8443/).waitFor();
    await again.save.click();
    await again.gone();
  });

  test(`several machines are edited, with their differences (${backend})`, async () => {
    const names = ['orders-pg-pne-03', 'orders-pg-pne-04'];
    const page = await machines(backend, 'configured', 'orders-pg-pne');
    let panel = await page.menu(names[0], 'Edit');
    await panel.port('22 SSH').click();
    await panel.fill({ time: '2' });
    await panel.ok();
    await panel.changes.getByText(/^Shorter: orders-pg-pne-03: TCP 22 .* for up to 2 h instead of 3 h$/).waitFor();
    assert.equal(await panel.changes.getByText('No longer possible').count(), 0);
    await panel.add.click();
    await panel.fill({ port: '5432', protocol: 'TCP', blocks: '198.18.4.0/24' });
    await panel.save.click();
    await panel.gone();

    await page.page.reload();
    panel = await page.choose(names, 'Edit');
    assert.match(await panel.port('22 SSH').textContent(), /Differs/);
    await panel.dialog.getByText('On 1 of 2 machines').waitFor();
    await panel.port('22 SSH').click();
    await panel.dialog.getByText(/^Differs \(2 hours: 1; 3 hours: 1\)/).waitFor();
    // Another value of the same port is set for both, and the difference stays.
    await panel.fill({ protocol: 'Any' });
    await panel.ok();
    assert.match(await panel.port('22 SSH').textContent(), /Any.*Differs/);
    await panel.dialog.getByRole('button', { name: 'Add to all machines: port 5432' }).click();
    await axe(page.page, 'differences');
    await panel.save.click();
    await panel.gone();
    await page.page.reload();
    for (const [name, time] of [[names[0], '2 hours'], [names[1], '3 hours']]) {
      panel = await page.menu(name, 'Edit');
      assert.match(await panel.port('22 SSH').textContent(), new RegExp(`Any.*${time}`));
      await panel.port('5432').waitFor();
      await panel.cancel.click();
      await panel.gone();
    }
  });

  test(`a longest time that is no whole hour is asked for in minutes (${backend})`, async () => {
    const name = 'orders-pg-psa-03';
    const page = await machines(backend, 'configured', name);
    let panel = await page.menu(name, 'Edit');
    await panel.port('22 SSH').click();
    await panel.fill({ time: '1,5' });
    await panel.save.click();
    await panel.gone();
    panel = await page.menu(name, 'Request access');
    const part = panel.machine(name);
    await part.region.getByText('TCP, up to 90 minutes, from').waitFor();
    assert.equal(await part.time.inputValue(), '90');
    await part.ask('22 SSH', OFFICE, '90');
    await until(() => panel.reason(), '');
    await part.time.fill('91');
    await until(() => panel.reason(), 'This would be refused: there is 1 reason against it.');
    await panel.nearest.click();
    await until(() => part.time.inputValue(), '90');
  });

  test(`access is requested, and how to connect is shown (${backend})`, async () => {
    const name = 'orders-pg-psa-01';
    const page = await machines(backend, 'configured', name);
    const panel = await page.menu(name, 'Request access');
    await panel.machine(name).ask('22 SSH', OFFICE, '1');
    await panel.justification.fill('rotate the certificates');
    await until(() => panel.reason(), '');
    await panel.impact.getByText(new RegExp(`${name} 22/TCP from ${OFFICE} until`)).waitFor();
    await axe(page.page, 'request');
    await panel.openPorts.click();
    await panel.dialog.getByText(/port 22 is open from 198\.18\.4\.7 until \d\d:\d\d/).waitFor();
    await axe(page.page, 'connection details');
    await panel.dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    await panel.gone();
  });

  test(`whose address a port opens for is asked in the form's own words (${backend})`, async () => {
    const name = 'orders-pg-pne-04';
    const page = await machines(backend, 'configured', name);
    const panel = await page.menu(name, 'Request access');
    const { source, region } = panel.machine(name);
    // A page alone does not know its user's address.
    assert.equal(await source.inputValue(), backend === 'server' ? 'mine' : 'ranges');
    await source.selectOption('My IP');
    const said = backend === 'server' ? /error: Your address \S+ is not allowed\. The policy allows/ : /error: It is not known for which address the port opens\. Enter/;
    await panel.dialog.getByText(said).waitFor();
    await until(() => source.getAttribute('aria-invalid'), 'true');
    await source.selectOption('IP ranges');
    // Nothing entered is not the own address.
    await panel.dialog.getByText(/error: It is not known for which address the port opens\. Enter/).waitFor();
    await until(() => region.getByLabel('IP ranges').getAttribute('aria-invalid'), 'true');
    await until(() => panel.reason(), 'This would be refused: there is 1 reason against it.');
    for (const words of ['source left out', 'No source is given', 'list of sources is empty', 'allowedSourceAddressPrefix'])
      assert.equal(await panel.dialog.getByText(words).count(), 0, words);
    await axe(page.page, 'no address yet');
  });

  test(`access to several machines is requested at once (${backend})`, async () => {
    const names = ['orders-pg-psa-02', 'orders-pg-psa-03'];
    const page = await machines(backend, 'configured', 'orders-pg-psa');
    const panel = await page.choose(names, 'Request access');
    assert.equal(await panel.reason(), 'Choose the ports to open.');
    for (const name of names) await panel.machine(name).ask('22 SSH', OFFICE, '1');
    await panel.openPorts.click();
    for (const name of names) await panel.dialog.getByText(`${name} port 22 is open`).waitFor();
  });

  test(`what would be refused is said before, with the nearest request one click away (${backend})`, async () => {
    const name = 'orders-pg-psa-04';
    const page = await machines(backend, 'configured', name);
    const panel = await page.menu(name, 'Request access');
    await panel.machine(name).ask('22 SSH', '198.18.0.0/16', '5');
    await until(() => panel.reason(), 'This would be refused: there are 2 reasons against it.');
    assert.equal(await panel.openPorts.getAttribute('aria-disabled'), 'true');
    await axe(page.page, 'a refusal before it is sent');
    await panel.nearest.click();
    await until(() => panel.machine(name).region.getByLabel('IP ranges').inputValue(), '198.18.4.0/24');
    await until(() => panel.machine(name).time.inputValue(), '3');
    await until(() => panel.reason(), '');
    await panel.openPorts.click();
    await panel.dialog.getByText(`${name} port 22 is open from 198.18.4.0/24`).waitFor();
  });

  test(`leaving with unsaved edits asks, and the focus goes back to where it was (${backend})`, async () => {
    const name = 'orders-pg-pne-01';
    const page = await machines(backend, 'configured', name);
    const panel = await page.menu(name, 'Edit');
    await panel.removePort('22 SSH').click();
    await page.page.keyboard.press('Escape');
    await panel.question.waitFor();
    await axe(page.page, 'the question');
    await page.page.keyboard.press('Escape');
    await panel.question.waitFor({ state: 'detached' });
    await panel.cancel.click();
    await panel.question.getByRole('button', { name: 'Discard' }).click();
    await panel.gone();
    await until(() => page.page.evaluate(() => document.activeElement !== document.body), true);
    const again = await page.menu(name, 'Edit');
    await again.port('22 SSH').waitFor();
  });

  test(`a machine is taken out of its policy, and what ends is said before (${backend})`, async () => {
    const name = 'orders-pg-pwe-03';
    const page = await machines(backend, 'configured', name);
    const request = await page.menu(name, 'Request access');
    await request.machine(name).ask('22 SSH', OFFICE, '1');
    await request.openPorts.click();
    await request.dialog.getByText(`${name} port 22 is open`).waitFor();
    await request.dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    await request.gone();
    await page.page.reload();
    const panel = await page.menu(name, 'Remove');
    await panel.dialog.getByText(new RegExp(`${name} port 22 of .*from ${OFFICE}`)).waitFor();
    await panel.impact.getByText('Open again').waitFor();
    await axe(page.page, 'remove');
    await panel.remove.click();
    await page.shell.toast('JIT is removed from 1 machine').waitFor();
    await panel.gone();
    await (await page.show('notConfigured', name)).box(name).waitFor();
  });

  test(`properties tell what is known, and the policy as code (${backend})`, async () => {
    const name = 'orders-pg-psa-01';
    const page = await machines(backend, 'configured', name);
    const panel = await page.menu(name, 'Properties');
    await panel.dialog.getByText('/providers/Microsoft.Compute/virtualMachines/orders-pg-psa-01').waitFor();
    await panel.dialog.getByText('As code').click();
    await panel.dialog.getByRole('group', { name: 'The code' }).getByText('Set-AzJitNetworkAccessPolicy').waitFor();
    await panel.dialog.getByRole('tab', { name: 'Bicep' }).click();
    await panel.dialog.getByRole('group', { name: 'The code' }).getByText("resource ").first().waitFor();
    await axe(page.page, 'properties');
    const [workbench] = await Promise.all([
      page.page.waitForEvent('popup'),
      panel.dialog.getByRole('link', { name: 'Open in workbench: default' }).first().click(),
    ]);
    await heading(workbench, 'Workbench').waitFor();
    await until(async () => (await workbench.getByRole('textbox').first().inputValue()).includes(name), true);
  });
}

test('who may not is told before trying', async () => {
  const name = 'orders-pg-psa-01';
  const page = await machines('server', 'configured', name);
  await page.page.route(/Microsoft\.Authorization\/permissions/, route => route.fulfill({ json: { value: [] } }));
  const panel = await page.menu(name, 'Request access');
  await until(async () => /^You may not request access by the policy default in/.test(await panel.reason()), true);
  assert.equal(await panel.openPorts.getAttribute('aria-disabled'), 'true');
  await panel.cancel.click();
  const edit = await page.menu(name, 'Edit');
  await until(async () => /^You may not change the policy default in/.test(await edit.reason()), true);
});

test('on a narrow and on a magnified screen everything stays reachable', async () => {
  for (const viewport of [{ width: 360, height: 700 }, { width: 640, height: 450 }]) {
    const page = await machines('server', 'configured', 'orders-pg-pne-01', { viewport });
    const panel = await page.menu('orders-pg-pne-01', 'Edit');
    await panel.port('22 SSH').click();
    await axe(page.page, `${viewport.width} wide`);
    const wide = await panel.dialog.evaluate(dialog => dialog.scrollWidth > dialog.clientWidth);
    assert.equal(wide, false, 'nothing is scrolled sideways');
    await new Panel(page.page).ok();
  }
});
