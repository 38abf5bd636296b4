import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Child processes run the compiled worker: `dist/` is made once before the first test.
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['test/random-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One more than the processors of a small machine: tests wait for disks and children, too.
    maxWorkers: 3,
    projects: [
      // Functions over data: they may share the modules that another file of tests has loaded.
      { extends: true, test: { name: 'units', include: ['src/**/*.test.ts'], isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'] } },
    ],
  },
});
