//! Where the app begins: the SDK starts once, before anything is drawn.

import { init } from 'engagetrack';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';

init({ siteId: import.meta.env.VITE_SITE_ID, apiHost: import.meta.env.VITE_HOST });

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
