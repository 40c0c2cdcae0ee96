// The catalogue of rules and a rule's page, by role.
import { Shell } from './shell.mjs';

export class Rules extends Shell {
  constructor(page) {
    super(page);
    this.search = page.getByRole('searchbox', { name: 'Search' });
    this.family = page.getByRole('combobox', { name: 'Family' });
    this.severity = page.getByRole('combobox', { name: 'Severity' });
    this.rules = this.main.getByRole('link', { name: /^JIT\d{3} / });
    this.families = this.main.getByRole('heading', { level: 2 });
  }

  count(words) {
    return this.page.getByRole('status').filter({ hasText: words });
  }

  /** The buttons below a rule's examples. */
  get examples() {
    return this.main.getByRole('button', { name: 'Open in workbench' });
  }
}
