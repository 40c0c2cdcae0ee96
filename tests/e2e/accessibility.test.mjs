// Every page and state, in both themes, on a narrow screen and at twice the size: axe finds nothing, and nothing makes
// the page scroll sideways.
import { test } from 'node:test';
import { Workbench } from './pages/workbench.mjs';
import { inEverySize } from './support/axe.mjs';
import { heading } from './support/heading.mjs';
import { usePortal } from './support/portal.mjs';
import { link, network, policy, request } from './support/samples.mjs';

const portal = usePortal();

const nothing = async () => {};
const states = {
  'the workbench with its sample': ['/workbench', async page => {
    const workbench = await new Workbench(page).ready();
    await workbench.policy.json();
    await workbench.decisionJson();
  }],
  'a granted request': [link({ policy: policy(), request: request() }), async page => {
    await new Workbench(page).opens.waitFor();
  }],
  'a network with everything unfolded': ['/workbench', async page => {
    const workbench = await new Workbench(page).ready();
    await workbench.openSample('Exported from Azure');
    await workbench.bars.first().waitFor();
    await workbench.policy.editor.fill((await workbench.policy.text()).replace('PT3H', 'PT5H'));
    await workbench.changes.first().waitFor();
    await page.evaluate(() => document.querySelectorAll('details').forEach(details => (details.open = true)));
  }],
  'a network without a policy': [link({ network: network() }), async page => {
    await new Workbench(page).networkFiles.first().waitFor();
  }],
  'an empty workbench': ['/workbench', async page => {
    const workbench = await new Workbench(page).ready();
    await workbench.policy.clear.click();
    await workbench.request.clear.click();
    await workbench.network.getByRole('button', { name: 'Clear the network' }).click();
  }],
  'the list of samples': ['/workbench', async page => {
    const workbench = await new Workbench(page).ready();
    await workbench.samples.click();
  }],
  'wrong times and addresses': ['/workbench', async page => {
    const workbench = await new Workbench(page).ready();
    await workbench.now.fill('noon');
    await workbench.caller.fill('home');
  }],
  'a damaged link': ['/workbench#v1=broken', page => page.getByRole('alert').filter({ hasText: 'could not be read' }).waitFor()],
  'the catalogue': ['/rules', nothing],
  'an empty catalogue': ['/rules?q=zzzz', nothing],
  'a rule': ['/rules/JIT201', nothing],
  'no page': ['/nowhere', nothing],
};

for (const [state, [path, prepare]] of Object.entries(states)) {
  test(state, async () => {
    const page = await portal.page(path);
    await heading(page).waitFor();
    await prepare(page);
    await inEverySize(page, state);
  });
}
