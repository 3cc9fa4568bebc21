// The one file for a script tag: `window.engagetrack` answers as soon as it has run.

import { enter } from '@glue';
import { create } from './answers.js';
import { connect } from './guards.js';
import { load } from './loader.js';

const script = document.currentScript || document.querySelector('script[data-site-id]');
const before = window.engagetrack || {};

// A tag that is there twice runs once.
if (script && !before.version) {
  const source = new URL(script.src || location.href);
  const { api, adopt, fail } = create(before.q || [], script.dataset, source.origin, (run, refuse) => {
    const file = document.createElement('script');
    file.nonce = script.nonce;
    file.src = new URL('engagetrack.compat.js', source).href;
    file.onerror = refuse;
    window.engagetrack.adopt = run;
    document.head.append(file);
  });
  // The stub's object stays the same: a page may have kept it.
  window.engagetrack = Object.assign(before, api);
  load('@MODULE@', () => adopt(enter, connect), fail);
}
