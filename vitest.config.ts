import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Child processes run the compiled worker: `dist/` is made once before the first test.
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['test/random-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One more than the processors of a small machine: tests wait for disks and children, too.
    maxWorkers: 3,
  },
});
