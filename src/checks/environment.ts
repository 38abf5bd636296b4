/**
 * The environment of a check: pointed into the copy. What names the project's folder names the copy; what the code reads to find a
 * store and does not lead into the project is taken away, so that no check reaches live data through it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface EnvironmentRequest {
  /** The caller's. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Real paths. */
  readonly root: string;
  readonly copy: string;
  /** A folder for the home, temporary files and caches of the check. */
  readonly own: string;
  /** Names of variables that the code reads to find a store. */
  readonly storeVariables: ReadonlySet<string>;
}

export interface Environment {
  readonly env: Readonly<Record<string, string>>;
  /** Variables that were taken away since they lead to a store elsewhere. */
  readonly dropped: readonly string[];
}

/** Of shells, of npm around us, of git's own state, and of desprawl. */
const NEVER = /^(?:_|PWD|OLDPWD|SHLVL|INIT_CWD|COLUMNS|LINES|npm_.*|GIT_.*|DESPRAWL_.*|VITEST.*)$/;
/** What a home folder holds that programs are made of: read there, never written by running tests. */
const TOOLS: Readonly<Record<string, string>> = {
  PYTHONUSERBASE: '.local',
  CARGO_HOME: '.cargo',
  RUSTUP_HOME: '.rustup',
  GOPATH: 'go',
  GEM_HOME: '.gem',
  COMPOSER_HOME: '.composer',
};

export function environmentOf({ env, root, copy, own, storeVariables }: EnvironmentRequest): Environment {
  const dropped: string[] = [];
  const made: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || NEVER.test(name) || name.startsWith('XDG_')) continue;
    const pointed = pointInto(value, root, copy);
    if (storeVariables.has(name) && pointed === value) {
      dropped.push(name);
      continue;
    }
    made[name] = pointed;
  }
  const { HOME: home } = env;
  for (const [name, folder] of Object.entries(TOOLS)) {
    if (home !== undefined && made[name] === undefined && existsSync(join(home, folder)))
      made[name] = join(home, folder);
  }
  return {
    dropped: dropped.sort(),
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      ...made,
      TERM: 'dumb',
      CI: '1',
      PWD: copy,
      HOME: join(own, 'home'),
      TMPDIR: join(own, 'tmp'),
      XDG_CACHE_HOME: join(own, 'cache'),
      XDG_CONFIG_HOME: join(own, 'config'),
      XDG_DATA_HOME: join(own, 'data'),
      XDG_STATE_HOME: join(own, 'state'),
      XDG_RUNTIME_DIR: join(own, 'run'),
    },
  };
}

/** Folders that are there when a check begins. */
export const OWN_FOLDERS: readonly string[] = ['home', 'tmp', 'cache', 'config', 'data', 'state', 'run'];

/** Every path in `text` that is `root` or lies in it; `/srv/app-old` does not lie in `/srv/app`. */
export function pointInto(text: string, root: string, copy: string): string {
  return text.replace(boundary(root), copy.replaceAll('$', '$$$$'));
}

export function names(text: string, root: string): boolean {
  return boundary(root).test(text);
}

function boundary(root: string): RegExp {
  return new RegExp(`(?<![\\w.-])${escaped(root)}(?![\\w.-])`, 'g');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
