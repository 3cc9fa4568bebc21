// The compatible file: the same module without WebAssembly, for the one file that loads it from beside itself.

import './compatible_start.js';
import { handle } from '@glue';
import { connect } from './guards.js';
import * as surface from './surface.js';

window.engagetrack?.adopt?.(surface, connect, handle);
