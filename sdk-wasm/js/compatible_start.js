// The module as plain JavaScript, joined with its glue.

import { begin } from '@glue';
import * as module from '@module';

begin(module);
