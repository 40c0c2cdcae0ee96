// What stands around every page, by role.
import { heading } from '../support/heading.mjs';

export class Shell {
  constructor(page) {
    this.page = page;
    this.navigation = page.getByRole('navigation', { name: 'Pages' });
    this.menu = page.getByRole('button', { name: 'Navigation' });
    this.skip = page.getByRole('link', { name: 'Skip to the content' });
    this.main = page.getByRole('main');
    this.title = heading(page);
  }

  link(name) {
    return this.navigation.getByRole('link', { name });
  }

  theme(name) {
    return this.page.getByRole('radio', { name: `${name} theme` });
  }

  /** The button that extends access to `port 22 of web1`: until when, it says itself, unless it cannot. */
  extend(what) {
    return this.page.getByRole('button', { name: new RegExp(`^Extend( to [^:]+:[^:]+)?: ${what}$`) });
  }

  /** The message at the bottom. */
  toast(text) {
    return this.page.getByRole('status').filter({ hasText: text });
  }

  /** A message that stays until it is dismissed; an alert when it comes, and no more where it is shown again. */
  report(text) {
    return this.page.locator('.reports').getByText(text);
  }

  get dismiss() {
    return this.page.getByRole('button', { name: 'Dismiss', exact: true });
  }
}
