// A page's heading, once the page itself is there and not just its name.

/** The heading of a page that has come; of that name, if it is told. */
export const heading = (page, name) =>
  page.locator('main > :not([data-coming])').getByRole('heading', { level: 1, name });
