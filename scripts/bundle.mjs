/**
 * Joins the compiled modules of the programs into a few files: starting is most of what a short command takes, and most of
 * starting is finding and reading hundreds of modules. What is there already is left, and replaced at once otherwise:
 * programs may be running from it.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
/** A helper that the bundler imports is not installed with the package. */
function isThere(id) {
  if (isBuiltin(id) || Object.keys(dependencies).some((name) => id === name || id.startsWith(`${name}/`))) return true;
  throw new Error(`${id} is imported and is no dependency`);
}

const to = join('dist', 'bin');
const hash = createHash('sha256').update(readFileSync(import.meta.filename));
for (const path of readdirSync('dist', { recursive: true }).sort()) {
  if (path.endsWith('.js') && !/^bin[./\\]/.test(path)) hash.update(path).update(readFileSync(join('dist', path)));
}
const build = hash.digest('hex').slice(0, 12);
if (!existsSync(join(to, 'build.json')) || JSON.parse(readFileSync(join(to, 'build.json'), 'utf8')).build !== build) {
  const [made, old] = [`${to}.${process.pid}`, `${to}.${process.pid}.old`];
  const bundle = await rolldown({
    input: {
      desprawl: 'dist/cli/bin.js',
      worker: 'dist/stores/child/worker.js',
      'driver-probe': 'dist/stores/child/driver-probe.js',
      'read-worker': 'dist/audit/read-worker.js',
    },
    platform: 'node',
    transform: { define: { DESPRAWL_BUILD: JSON.stringify(build) } },
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && isThere(id),
  });
  await bundle.write({
    dir: made,
    format: 'esm',
    chunkFileNames: '[name]-[hash].js',
    // Comments and blanks are read at each start; names stay, for the places that an error tells.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  });
  await bundle.close();
  writeFileSync(join(made, 'build.json'), JSON.stringify({ build }));
  if (existsSync(to)) renameSync(to, old);
  renameSync(made, to);
  rmSync(old, { recursive: true, force: true });
}
