import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/setup.ts'],
    restoreMocks: true,
    // By default one processor stays free, of two that is half.
    maxWorkers: '100%',
    // A form that is typed into takes seconds on a machine that compiles meanwhile.
    testTimeout: 30_000,
  },
});
