// The list of virtual machines and the page of one, by role.
import { heading } from '../support/heading.mjs';
import { Shell } from './shell.mjs';

export class Machines extends Shell {
  constructor(page) {
    super(page);
    this.search = page.getByRole('searchbox', { name: 'Search' });
    this.table = page.getByRole('grid', { name: 'Virtual machines' });
    this.rows = this.table.locator('tbody').getByRole('row');
    this.menu = page.getByRole('menu');
  }

  /** How many machines the table has: those in sight are in the page. */
  async count() {
    return Number(await this.table.getAttribute('aria-rowcount')) - 1;
  }

  head(name) {
    return this.table.getByRole('columnheader', { name });
  }

  link(name) {
    return this.table.getByRole('link', { name, exact: true });
  }

  row(name) {
    return this.rows.filter({ has: this.page.getByRole('link', { name, exact: true }) });
  }
}

export class Machine extends Shell {
  constructor(page) {
    super(page);
    this.sections = page.getByRole('navigation', { name: 'Sections' });
    this.enable = page.getByRole('button', { name: 'Enable just-in-time' });
    this.request = page.getByRole('button', { name: 'Request access' });
    this.open = this.table('Open by request');
    this.residual = this.table('Reached in spite of just-in-time access');
    this.unprotected = this.table('Unprotected management ports');
    this.ports = this.table('Protected ports');
    this.question = page.getByRole('dialog');
  }

  /** The rows of a table. */
  table(name) {
    return this.page.getByRole('group', { name, exact: true }).locator('tbody').getByRole('row');
  }

  section(name) {
    return this.sections.getByRole('link', { name });
  }

  /** Goes to a section, and waits for it. */
  async go(name) {
    await this.section(name).click();
    await this.page.getByRole('region', { name, exact: true }).waitFor();
  }

  /** The value of a fact. */
  fact(name) {
    return this.page.locator('dl > div').filter({ has: this.page.locator('dt').getByText(name, { exact: true }) }).locator('dd');
  }

  close(what) {
    return this.page.getByRole('button', { name: `Close now: ${what}` });
  }
}

/** Opens a machine's page from the list, by its name. */
export async function openMachine(page, name) {
  const machines = new Machines(page);
  await machines.search.fill(name);
  await machines.link(name).click();
  await heading(page, new RegExp(`^${name}`)).waitFor();
  return new Machine(page);
}
