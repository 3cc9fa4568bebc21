//! The page, for both sides: the server renders it, the browser takes it over. Importing the package is safe in both.

import { checkoutMetadata, getVisitorId, init, track } from 'engagetrack';

/** What the page says; on the server there is no visitor yet. */
export const render = () => `<p id="who">${getVisitorId() || 'somebody'}</p>`;

/** On the server `init` and the methods do nothing, so that components may call them anywhere. */
export function begin(siteId, apiHost) {
  init({ siteId, apiHost });
  track('begun', { on: typeof window === 'undefined' ? 'the server' : 'the browser' });
  return checkoutMetadata('ORD-3001');
}
