//! Playwright as the runner of a measurement, which gates nothing.

import { defineConfig } from '@playwright/test';
import config from './playwright.config.ts';

export default defineConfig({ ...config, testIgnore: [], testMatch: 'sdk/ready.measure.ts', timeout: 900_000, use: { ...config.use, trace: 'off' } });
