// The npm package's module without WebAssembly, loaded only where it must be.

import './compatible_start.js';
import { handle } from '@glue';
import { connect } from './guards.js';
import * as surface from './surface.js';

export const run = (adopt) => adopt(surface, connect, handle);
