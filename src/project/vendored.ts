/** Recognises folders that other people's files live in, by what is in them where that is possible (trap S15). */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Names that mean one thing only. `dist` and `build` are not among them: stores live there. */
const BY_NAME: Readonly<Record<string, string>> = {
  node_modules: 'packages of npm',
  bower_components: 'packages of Bower',
  'site-packages': 'packages of Python',
  __pycache__: 'compiled Python',
  '.tox': 'environments of tox',
  '.nox': 'environments of nox',
  '.mypy_cache': 'cache of mypy',
  '.pytest_cache': 'cache of pytest',
  '.ruff_cache': 'cache of ruff',
  '.next': 'build output of Next.js',
  '.nuxt': 'build output of Nuxt',
  '.svelte-kit': 'build output of SvelteKit',
  '.turbo': 'cache of Turborepo',
  '.parcel-cache': 'cache of Parcel',
  '.gradle': 'cache of Gradle',
  '.terraform': 'providers of Terraform',
  '.yarn': 'packages of Yarn',
  Pods: 'packages of CocoaPods',
  '.hg': 'repository of Mercurial',
  '.svn': 'repository of Subversion',
};

/** Why the folder at `path` is not searched, or `undefined`. `siblings`: names beside it. */
export function vendoredBecause(root: string, path: string, siblings: ReadonlySet<string>): string | undefined {
  const full = join(root, path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const named = BY_NAME[name];
  if (named !== undefined) return named;
  if (existsSync(join(full, 'pyvenv.cfg')) || hasSitePackages(full)) return 'virtual environment of Python';
  if (name === 'vendor') {
    if (siblings.has('composer.json') || existsSync(join(full, 'autoload.php'))) return 'packages of Composer';
    if (siblings.has('go.mod') || existsSync(join(full, 'modules.txt'))) return 'modules of Go';
    if (siblings.has('Gemfile') || existsSync(join(full, 'bundle'))) return 'gems of Bundler';
  }
  return existsSync(join(full, 'CACHEDIR.TAG')) ? 'cache, marked by CACHEDIR.TAG' : undefined;
}

/** An environment committed from Windows or without its configuration file. */
function hasSitePackages(full: string): boolean {
  if (existsSync(join(full, 'Lib', 'site-packages'))) return true;
  if (!existsSync(join(full, 'bin')) && !existsSync(join(full, 'lib'))) return false;
  try {
    return readdirSync(join(full, 'lib')).some(
      (name) => /^python\d/.test(name) && existsSync(join(full, 'lib', name, 'site-packages')),
    );
  } catch {
    return false;
  }
}
