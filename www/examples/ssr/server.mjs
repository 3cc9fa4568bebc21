//! A server that renders the page, and serves the browser the very files that it uses itself.
//!
//! `HOST=https://stats.shop.example SITE_ID=pk_live_… node server.mjs`

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { begin, render } from './page.mjs';

const { HOST: host = '', SITE_ID: siteId = '', PORT: port = '3000' } = process.env;

/** What the browser may load, and where it is. */
const files = {
  '/browser.mjs': new URL('browser.mjs', import.meta.url),
  '/page.mjs': new URL('page.mjs', import.meta.url),
  '/engagetrack/index.js': new URL(import.meta.resolve('engagetrack')),
  '/engagetrack/compat.js': new URL('compat.js', import.meta.resolve('engagetrack')),
};

const page = () => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Rendered on a server</title>
    <link rel="icon" href="data:,">
    <script type="importmap">{ "imports": { "engagetrack": "/engagetrack/index.js" } }</script>
  </head>
  <body data-host="${host}" data-site-id="${siteId}">
    <div id="root">${render()}</div>
    <script type="module" src="/browser.mjs"></script>
  </body>
</html>`;

createServer(async (request, answer) => {
  const file = files[new URL(request.url, 'http://localhost').pathname];
  answer.setHeader('content-type', file ? 'text/javascript' : 'text/html');
  if (!file) begin(siteId, host);
  answer.end(file ? await readFile(fileURLToPath(file)) : page());
}).listen(Number(port), '127.0.0.1', function listening() {
  console.log(`http://127.0.0.1:${this.address().port}/`);
});
