// The npm package's module without WebAssembly, loaded only where it must be.

import './compatible_start.js';
import { enter } from '@glue';
import { connect } from './guards.js';

export const run = (adopt) => adopt(enter, connect);
