//! How the dashboard is built: static files that hold under the policy `default-src 'self'`.
import { defineConfig } from 'vitest/config';

const server = process.env.ENGAGETRACK_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Small files as data: addresses would break the policy; a polyfill would be dead weight.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { comments: { legal: false } } },
  },
  server: {
    proxy: {
      '/api': { target: server, changeOrigin: false },
      '/healthz': server,
    },
  },
  test: {
    include: ['test/unit/**/*.test.{ts,tsx}'],
    environment: 'happy-dom',
    isolate: false,
  },
});
