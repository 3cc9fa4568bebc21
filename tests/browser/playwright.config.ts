//! Playwright on the Chromium of the system.

import { defineConfig } from '@playwright/test';
import { AGENT, ARGUMENTS, CHROMIUM } from './chromium.ts';

export default defineConfig({
  testDir: '.',
  testIgnore: 'elsewhere/**',
  outputDir: '../../test-results',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    userAgent: AGENT,
    viewport: { width: 1280, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: { executablePath: CHROMIUM, args: ARGUMENTS },
  },
});
