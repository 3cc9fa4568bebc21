//! Playwright as a runner alone: these browsers are driven over WebDriver.

import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'elsewhere',
  outputDir: '../../test-results',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  projects: [{ name: 'firefox' }, { name: 'webkit' }],
});
