/**
 * Joins the compiled modules of the programs into a few files: starting is most of what a short command takes, and most of
 * starting is finding and reading hundreds of modules.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

rmSync('dist/bin', { recursive: true, force: true });
const build = createHash('sha256');
for (const path of readdirSync('dist', { recursive: true }).sort()) {
  if (path.endsWith('.js')) build.update(readFileSync(join('dist', path)));
}
const bundle = await rolldown({
  input: {
    desprawl: 'dist/cli/bin.js',
    worker: 'dist/stores/child/worker.js',
    'read-worker': 'dist/audit/read-worker.js',
    'driver-probe': 'dist/stores/child/driver-probe.js',
  },
  platform: 'node',
  transform: { define: { DESPRAWL_BUILD: JSON.stringify(build.digest('hex').slice(0, 12)) } },
  external: (id) => !id.startsWith('.') && !id.startsWith('/'),
});
await bundle.write({
  dir: 'dist/bin',
  format: 'esm',
  chunkFileNames: '[name]-[hash].js',
  // Comments and blanks are read at each start; names stay, for the places that an error tells.
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
});
await bundle.close();
