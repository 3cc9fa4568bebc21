import { defineConfig } from '@playwright/test';

/** No browser: the providers' SDKs and descriptions in Node against the real binary. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/providers',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  reporter: [['list']],
});
