/**
 * Joins the compiled modules of the programs into a few files: starting is most of what a short command takes, and most of
 * starting is finding and reading hundreds of modules. What is there already is left, and replaced at once otherwise:
 * programs may be running from it.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
/** A helper that the bundler imports is not installed with the package. */
function isThere(id) {
  if (isBuiltin(id) || Object.keys(dependencies).some((name) => id === name || id.startsWith(`${name}/`))) return true;
  throw new Error(`${id} is imported and is no dependency`);
}

const programs = {
  desprawl: 'cli/bin.js',
  worker: 'stores/child/worker.js',
  'driver-probe': 'stores/child/driver-probe.js',
  'read-worker': 'audit/read-worker.js',
};

/** The modules that these import, and what those do, as long as they wait for it. */
function importedBy(...entries) {
  const found = new Set(entries.map((entry) => join('dist', entry)));
  for (const module of found) {
    for (const [, below] of readFileSync(module, 'utf8').matchAll(
      /^(?:import|export) [^;]*?from ['"](\.[^'"]+)['"];$/gm,
    )) {
      found.add(join(dirname(module), below));
    }
  }
  return found;
}
/**
 * One file of what every command needs that changes something: a chunk for each set of modules that some command needs makes sixty of them,
 * and finding each takes longer than reading it. What starts, what looks and what children need stays apart.
 */
function together() {
  const others = importedBy(...Object.values(programs), 'audit/audit.js');
  const all = importedBy('apply/with-state.js', 'rollback/choose-runs.js', 'rollback/rollback.js');
  return new Set([...all].filter((module) => !others.has(module)).map((module) => resolve(module)));
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
    input: Object.fromEntries(Object.entries(programs).map(([name, module]) => [name, join('dist', module)])),
    platform: 'node',
    // Without it, a group of modules may not be cut along dynamic imports.
    preserveEntrySignatures: 'allow-extension',
    transform: { define: { DESPRAWL_BUILD: JSON.stringify(build) } },
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && isThere(id),
  });
  const changing = together();
  await bundle.write({
    dir: made,
    format: 'esm',
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: 'changing', test: (id) => changing.has(id) }],
    },
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
