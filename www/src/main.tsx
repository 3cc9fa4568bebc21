//! Where the dashboard begins.
import { render } from 'preact';
import { App } from './app';
import { startClock } from './state/clock';
import { startLocation } from './state/location';
import { startTheme } from './state/preference';
import { start } from './state/session';
import { startShortcuts } from './state/shortcut';

startTheme();
startClock();
startLocation();
startShortcuts();
start();

const root = document.getElementById('app');
if (root) render(<App />, root);
