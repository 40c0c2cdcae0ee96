// The panels over the pages: enable, edit, request, remove, properties.
import { Shell } from './shell.mjs';

/** The page of machines, as far as it opens panels. */
export class Machines {
  constructor(page) {
    this.page = page;
    this.shell = new Shell(page);
  }

  /** The address of a tab with machines whose names hold a text. */
  static at(tab, text) {
    return `/?tab=${tab}&q=${encodeURIComponent(text)}`;
  }

  /** Other machines on the same page. */
  async show(tab, text) {
    await this.page.goto(new URL(Machines.at(tab, text), this.page.url()).href);
    return this;
  }

  box(name) {
    return this.page.getByRole('checkbox', { name: `Select ${name}`, exact: true });
  }

  /** Opens the panel that a command above the table opens for machines. */
  async choose(names, command) {
    for (const name of names) await this.box(name).check();
    await this.page.getByRole('main').getByRole('button', { name: command, exact: true }).click();
    return new Panel(this.page).ready();
  }

  /** Opens the panel that a row's menu opens. */
  async menu(name, item) {
    await this.page.getByRole('button', { name: `More for ${name}`, exact: true }).click();
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
    return new Panel(this.page).ready();
  }
}

/** An open panel. */
export class Panel {
  constructor(page) {
    this.page = page;
    this.dialog = page.getByRole('dialog').first();
    this.add = this.dialog.getByRole('button', { name: 'Add', exact: true });
    this.save = this.dialog.getByRole('button', { name: 'Save', exact: true });
    this.retry = this.dialog.getByRole('button', { name: 'Retry', exact: true });
    this.remove = this.dialog.getByRole('button', { name: 'Remove', exact: true });
    this.cancel = this.dialog.getByRole('button', { name: 'Cancel', exact: true });
    this.openPorts = this.dialog.getByRole('button', { name: 'Open ports', exact: true });
    this.tryAgain = this.dialog.getByRole('button', { name: 'Try again (safe)', exact: true });
    this.nearest = this.dialog.getByRole('button', { name: 'Use the nearest request that is allowed' });
    this.question = page.getByRole('dialog', { name: 'Discard your changes?' });
    this.leaving = page.getByRole('dialog', { name: 'Leave this form?' });
    this.impact = this.dialog.getByRole('region', { name: 'What this does' });
    this.changes = this.dialog.getByRole('region', { name: 'What requesters may do' });
    this.justification = this.dialog.getByLabel('Justification');
  }

  /** Leaves it while what was entered is on its way. */
  async leave() {
    await this.cancel.click();
    await this.leaving.getByText('leaving does not stop it').waitFor();
    await this.leaving.getByRole('button', { name: 'Leave' }).click();
    await this.gone();
  }

  async ready() {
    await this.dialog.waitFor();
    return this;
  }

  async gone() {
    await this.dialog.waitFor({ state: 'detached' });
  }

  /** What stands beside the first button. */
  reason() {
    return this.dialog.locator('#panel-reason').textContent();
  }

  /** The line of a port, `22 SSH`. */
  port(name) {
    return this.dialog.getByRole('button', { name: new RegExp(`^Edit port ${name}( |$)`) });
  }

  removePort(name) {
    return this.dialog.getByRole('button', { name: `Remove port ${name}`, exact: true });
  }

  field(label) {
    return this.dialog.getByLabel(label, { exact: true });
  }

  /** Says what an open port allows. */
  async fill({ port, protocol, blocks, time, unit }) {
    if (port !== undefined) await this.field('Port').fill(port);
    if (protocol !== undefined) await this.field('Protocol').selectOption(protocol);
    if (blocks !== undefined) {
      await this.field('Allowed source IPs').selectOption('CIDR block');
      await this.field('CIDR blocks').fill(blocks);
    }
    if (time !== undefined) await this.field('Maximum request time').fill(time);
    if (unit !== undefined) await this.field('Unit').selectOption(unit);
  }

  async ok() {
    await this.dialog.getByRole('button', { name: 'OK', exact: true }).click();
  }

  /** The part of a machine in a request. */
  machine(name) {
    return new Asked(this.dialog.getByRole('region', { name: new RegExp(`^${name}`) }));
  }

  /** Two versions of a machine. */
  versions(name) {
    return this.dialog.getByRole('group', { name: `Two versions of ${name}` });
  }
}

/** A machine in a request. */
class Asked {
  constructor(region) {
    this.region = region;
  }

  toggle(port) {
    return this.region.getByRole('switch', { name: port, exact: true });
  }

  get source() {
    return this.region.getByLabel('Source IP');
  }

  get time() {
    return this.region.getByRole('textbox', { name: /^Time range/ });
  }

  /** Asks for a port from these addresses for so many hours. */
  async ask(port, ranges, hours) {
    await this.toggle(port).check();
    await this.source.selectOption('IP ranges');
    await this.region.getByLabel('IP ranges').fill(ranges);
    await this.time.fill(hours);
  }
}
