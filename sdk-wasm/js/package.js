// The npm package: the same methods as named exports, inert where there is no page.

import { enter } from '@glue';
import { create, isPage } from './answers.js';
import { connect } from './guards.js';
import { load } from './loader.js';

const options = {};
let started;

const { api, adopt, fail } = create([], options, '', (run, refuse) => {
  import('./compat.js').then((file) => file.run(run), refuse);
});

/** Starts, once; on a server it does nothing. */
export const init = (given) => {
  if (isPage && !started) {
    started = true;
    Object.assign(options, given);
    load('@MODULE@', () => adopt(enter, connect), fail);
  }
  return api;
};

// On a server the answers are those of a page whose module has not come, and no module ever comes. The build exports
// each member by its name.
export { api };
