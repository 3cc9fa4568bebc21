// The compatible file: the same module without WebAssembly, for the one file that loads it from beside itself.

import './compatible_start.js';
import { enter } from '@glue';
import { connect } from './guards.js';

window.engagetrack?.adopt?.(enter, connect);
