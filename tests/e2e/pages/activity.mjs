// The activity log, by role.
import { Shell } from './shell.mjs';

export class Activity extends Shell {
  constructor(page) {
    super(page);
    this.span = page.getByRole('combobox', { name: 'Time span' });
    this.operation = page.getByRole('combobox', { name: 'Operation' });
    this.status = page.getByRole('combobox', { name: 'Status' });
    this.caller = page.getByRole('searchbox', { name: 'Event initiated by' });
    this.resource = page.getByRole('searchbox', { name: 'Resource' });
    this.events = page.getByRole('group', { name: 'Events' });
    this.rows = this.events.locator('tbody').getByRole('row');
    this.news = page.getByRole('status').filter({ hasText: /\d new event/ });
    this.show = page.getByRole('button', { name: 'Show', exact: true });
    this.more = page.getByRole('button', { name: 'Load more' });
    this.download = page.getByRole('button', { name: 'Download as CSV' });
    this.verify = page.getByRole('button', { name: 'Verify the chain' });
    this.details = page.getByRole('dialog');
    this.chain = page.getByRole('region', { name: 'Chain of records' });
  }

  /** Waits until the log is loaded. */
  async ready() {
    await this.page.getByText(/\d events?/).or(this.page.getByText('No events', { exact: true })).first().waitFor();
    return this;
  }

  /** The texts of a column, by its heading. */
  async column(heading) {
    const headings = await this.events.getByRole('columnheader').allTextContents();
    const place = headings.indexOf(heading);
    // All at once: a question for each of hundreds of rows takes seconds.
    return this.rows.evaluateAll((rows, place) => rows.map(row => row.querySelectorAll('th, td')[place].textContent), place);
  }
}
