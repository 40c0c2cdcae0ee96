// Settings, and the first page of a browser without data, by role.
import { heading } from '../support/heading.mjs';
import { patience } from '../support/jitter.mjs';

export class Settings {
  constructor(page) {
    this.page = page;
    this.beginning = heading(page, 'Begin with just-in-time VM access');
    this.ownExports = page.getByLabel('Open your own exports');
    this.restore = page.getByLabel('Restore an exported ledger');
    this.exports = page.getByRole('button', { name: 'Export everything' });
    this.name = page.getByLabel('Your name');
    this.address = page.getByLabel('Your IP address');
    this.save = page.getByRole('button', { name: 'Save' });
  }

  /** Begins with the demo fleet. */
  async start() {
    await this.page.getByRole('button', { name: 'Start with the demo fleet' }).click();
    await this.beginning.waitFor({ state: 'detached', timeout: patience(30_000) });
  }

  /** Begins with an exported ledger. */
  async startWith(archive) {
    await this.restore.setInputFiles({ name: 'ledger.jsonl', mimeType: 'application/json', buffer: Buffer.from(archive) });
    await this.beginning.waitFor({ state: 'detached', timeout: patience(30_000) });
  }

  /** How many records there are. */
  async records() {
    const text = await this.page.getByText(/^[\d,]+ records? of what was done/).textContent();
    return Number.parseInt(text.replaceAll(',', ''), 10);
  }

  /** The question before everything is replaced or deleted. */
  question(name) {
    return this.page.getByRole('dialog', { name });
  }

  /** Deletes everything. */
  async beginAnew() {
    await this.page.getByRole('button', { name: 'Begin anew…' }).click();
    const question = this.question('Begin anew?');
    await question.getByRole('button', { name: 'Delete everything' }).click();
    await question.waitFor({ state: 'detached' });
    await this.page.getByText('Everything was deleted.').waitFor();
  }
}
