// Pages of machines that panels open over, as the tests of panels begin.
import { Machines } from '../pages/panels.mjs';

/** An address that the demo's policies allow. */
export const OFFICE = '198.18.4.7';

/** Gives the machines of a tab whose names hold a text, on a page of their own. */
export const machinesOf = portal => async (backend, tab, text, options) => {
  const page = await portal.page('/', { backend, ...options });
  return new Machines(page).show(tab, text);
};
