// The page of requests, by role.
import { Shell } from './shell.mjs';

export class Requests extends Shell {
  constructor(page) {
    super(page);
    this.machine = page.getByRole('searchbox', { name: 'Machine' });
    this.user = page.getByRole('combobox', { name: 'User' });
    this.lanes = page.getByRole('combobox', { name: 'Lanes' });
    this.span = page.getByRole('combobox', { name: 'Time span' });
    this.timeline = page.getByRole('region', { name: 'Timeline' });
    this.more = this.timeline.getByRole('button', { name: /^Show \d+ more lanes$/ });
    this.bars = this.timeline.locator('svg [role="img"]');
    this.rows = page.getByRole('group', { name: 'Requests as a table' }).locator('tbody').getByRole('row');
    this.question = page.getByRole('dialog');
  }

  tab(name) {
    return this.page.getByRole('tab', { name: new RegExp(`^${name}`) });
  }

  /** The number behind a tab's name. */
  async count(name) {
    return Number((await this.tab(name).textContent()).replace(/\D/g, ''));
  }

  /** What has the focus, by its accessible name. */
  focused() {
    return this.page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent);
  }
}
