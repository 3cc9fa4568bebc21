//! The browser's side: the SDK starts, and the page that the server rendered comes to life.

import { begin, render } from './page.mjs';

const { siteId, host } = document.body.dataset;
begin(siteId, host);
document.getElementById('root').innerHTML = render();
