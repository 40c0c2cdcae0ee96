// The workbench, by role.
import { Shell } from './shell.mjs';

export class Workbench extends Shell {
  constructor(page) {
    super(page);
    this.policy = new Panel(page, 'Policy', 'policy');
    this.request = new Panel(page, 'Request', 'request');
    this.decision = page.getByRole('region', { name: 'Decision', exact: true });
    this.now = this.decision.getByRole('textbox', { name: 'Now (UTC)' });
    this.caller = this.decision.getByRole('textbox', { name: "Caller's IP address" });
    this.reasons = this.decision.getByRole('list', { name: 'Reasons' }).getByRole('listitem');
    this.opens = this.decision.getByRole('table').locator('tbody').getByRole('row');
    this.takeNearest = this.decision.getByRole('button', { name: 'Use this request' });
    this.copyLink = page.getByRole('button', { name: 'Copy link' });
    this.network = page.getByRole('region', { name: 'Network', exact: true });
    this.networkFiles = this.network.getByRole('list', { name: 'Files of the network' }).locator(':scope > li');
    this.networkInput = this.network.getByLabel('Open network files');
    this.paste = this.network.getByRole('textbox', { name: 'Paste an export' });
    this.preview = page.getByRole('region', { name: 'Preview', exact: true });
    this.mode = this.preview.getByRole('combobox', { name: 'Existing rules for these ports' });
    this.bars = this.preview.getByRole('region', { name: 'Timeline' }).locator('svg [role="img"]');
    this.changes = page
      .getByRole('list', { name: 'What your changes make possible and impossible' })
      .getByRole('listitem');
    this.samples = page.getByRole('button', { name: 'Samples' });
  }

  /** Waits until the workbench shows its documents. */
  async ready() {
    await this.title.waitFor();
    await this.page.waitForFunction(() => document.querySelector('textarea')?.value !== '');
    return this;
  }

  async openSample(name) {
    await this.samples.click();
    await this.page.getByRole('button', { name }).click();
  }

  /** A machine's card in the preview. */
  machine(name) {
    return this.preview.getByRole('article', { name, exact: true });
  }

  previewJson() {
    return json(this.preview, 'Preview as JSON');
  }

  decisionJson() {
    return json(this.decision, 'Decision as JSON');
  }
}

class Panel {
  constructor(page, title, name) {
    this.page = page;
    this.region = page.getByRole('region', { name: title, exact: true });
    this.editor = this.region.getByRole('textbox', { name: title });
    this.findings = this.region.getByRole('list', { name: `Findings in the ${name}` }).locator(':scope > li');
    this.fixAll = this.region.getByRole('button', { name: /^Apply \d+ safe fix/ });
    this.file = this.region.getByLabel(`Open ${name} file`);
    this.clear = this.region.getByRole('button', { name: `Clear the ${name}` });
    this.kind = this.region.getByRole('combobox', { name: 'Read as' });
    this.fault = this.region.getByRole('alert');
  }

  /** The finding of that code. */
  finding(code) {
    return this.findings.filter({ has: this.page.getByRole('link', { name: code, exact: true }) });
  }

  fix(code) {
    return this.finding(code).getByRole('button', { name: /fix: /i });
  }

  text() {
    return this.editor.inputValue();
  }

  /** What is selected in the editor. */
  selection() {
    return this.editor.evaluate(area => area.value.slice(area.selectionStart, area.selectionEnd));
  }

  open(name, content) {
    return this.file.setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) });
  }

  json() {
    return json(this.region, 'Report as JSON');
  }
}

/** The text of a panel of JSON, which is opened where it is closed. */
async function json(region, title) {
  const details = region.locator('details').filter({ hasText: title });
  const text = details.locator('pre');
  if (!(await details.evaluate(it => it.open))) {
    await details.getByText(title).click();
    // It is made once the browser has told the page that somebody looks.
    await text.filter({ hasText: '{' }).waitFor();
  }
  return text.textContent();
}
