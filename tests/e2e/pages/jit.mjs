// Just-in-time VM access, by role.
import { Shell } from './shell.mjs';

export class Jit extends Shell {
  constructor(page) {
    super(page);
    this.table = page.getByRole('grid');
    this.search = page.getByRole('searchbox', { name: 'Search machines' });
    this.all = this.table.getByRole('checkbox', { name: 'Select all' });
    this.more = page.getByRole('menu');
    this.panel = page.getByRole('dialog');
    this.summary = page.getByRole('list', { name: 'Summary' });
    this.chips = page.getByRole('list', { name: 'Filters' });
    this.clear = page.getByRole('button', { name: 'Clear filters' });
  }

  /** Waits until all machines are there. */
  async ready() {
    await this.rows.first().waitFor();
    await this.status(/^[\d,]+ machines?( match(es)?)?(, |$)/).waitFor();
    return this;
  }

  tab(name) {
    return this.page.getByRole('tab', { name });
  }

  /** The count that a tab tells. */
  async countOf(name) {
    const text = await this.tab(new RegExp(`^${name}`)).textContent();
    return Number(text.replace(name, '').replaceAll(',', ''));
  }

  /** The rows that are in the page, without the heads. */
  get rows() {
    return this.table.getByRole('row').filter({ has: this.page.getByRole('button', { name: /^More for/ }) });
  }

  row(name) {
    return this.rows.filter({ has: this.page.getByRole('link', { name, exact: true }) });
  }

  /** The names in the order they stand in. */
  names() {
    return this.rows.getByRole('link').allTextContents();
  }

  head(name) {
    return this.table.getByRole('columnheader', { name });
  }

  command(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** What is told about how many are shown and chosen. */
  status(words) {
    return this.page.getByRole('status').filter({ hasText: words });
  }

  figure(name) {
    return this.summary.getByRole('link', { name });
  }

  filter(name) {
    return this.page.getByRole('button', { name: new RegExp(`^${name}`) });
  }

  item(name) {
    return this.more.getByRole('menuitem', { name, exact: true });
  }

  async rowCount() {
    return Number(await this.table.getAttribute('aria-rowcount')) - 1;
  }

  /** The page is wider than the window. */
  isTooWide() {
    return this.page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  }
}
