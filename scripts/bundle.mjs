/**
 * Joins the compiled modules of the programs into a few files: starting is most of what a short command takes, and most of
 * starting is finding and reading hundreds of modules.
 */
import { rmSync } from 'node:fs';
import { rolldown } from 'rolldown';

rmSync('dist/bin', { recursive: true, force: true });
const bundle = await rolldown({
  input: {
    desprawl: 'dist/cli/bin.js',
    worker: 'dist/stores/child/worker.js',
    'driver-probe': 'dist/stores/child/driver-probe.js',
  },
  platform: 'node',
  external: (id) => !id.startsWith('.') && !id.startsWith('/'),
});
await bundle.write({ dir: 'dist/bin', format: 'esm', chunkFileNames: '[name]-[hash].js' });
await bundle.close();
