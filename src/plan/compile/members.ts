/** Which files an action means: a path, all of a folder, or what a pattern matches; stores with the files beside them. */
import ignore from 'ignore';
import type { Measured } from '../measured.ts';
import type { Action } from '../model.ts';

export interface Members {
  /** Sorted. Without sidecars. */
  readonly files: readonly string[];
  /** Folders of a folder that goes as a whole, this included; innermost first. */
  readonly folders: readonly string[];
  readonly isPattern: boolean;
  /** What stands in the way, if anything does. */
  readonly blocked: string | null;
}

const PATTERN = /[*?[]/;

/** Is it a pattern? A file may have the same letters in its name: then it is that file. */
export function isPattern(subject: string, on: Pick<Measured, 'stateOf'>): boolean {
  return PATTERN.test(subject) && on.stateOf(subject).kind === 'absent';
}

/** Patterns as in `.gitignore`: with a `/` inside they begin at the project, else they hold in every folder. */
export function matching(pattern: string, paths: readonly string[]): readonly string[] {
  const rules = ignore().add(pattern);
  return paths.filter((path) => rules.ignores(path));
}

export function membersOf(action: Pick<Action, 'subject' | 'files' | 'except'>, on: Measured): Members {
  const subject = action.subject.replace(/\/$/, '');
  const pattern = isPattern(subject, on);
  const found = pattern ? { files: matching(subject, on.paths), folders: [], special: null } : below(subject, on);
  const except = new Set(action.except.flatMap((one) => (isPattern(one, on) ? matching(one, on.paths) : [one])));
  const chosen = Array.isArray(action.files) ? new Set(action.files as readonly string[]) : null;
  const files = found.files.filter((path) => !except.has(path) && (chosen === null || chosen.has(path)));
  const isWhole = files.length === found.files.length;
  return {
    files: [...files].sort(),
    folders: isWhole ? found.folders : [],
    isPattern: pattern,
    blocked: found.special === null ? null : `${found.special} is neither a file nor a folder`,
  };
}

interface Below {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly special: string | null;
}

/** A path, or everything below a folder: also what the audit does not look at. */
function below(path: string, on: Measured): Below {
  const { kind } = on.stateOf(path);
  if (kind === 'absent') return { files: [], folders: [], special: null };
  if (kind === 'special') return { files: [], folders: [], special: path };
  if (kind !== 'folder') return { files: [path], folders: [], special: null };
  const inner = on.namesIn(path).map((name) => below(`${path}/${name}`, on));
  return {
    files: inner.flatMap(({ files }) => files),
    folders: [...inner.flatMap(({ folders }) => folders), path],
    special: inner.find(({ special }) => special !== null)?.special ?? null,
  };
}

const SIDECARS = ['-shm', '-wal', '-journal'];

/** A file and, where it is a SQLite store, the files beside it that belong to it (trap S3). */
export function withSidecars(
  path: string,
  on: Measured,
): readonly { readonly path: string; readonly store?: string }[] {
  const store = on.audit.stores.find(({ path: one }) => one === path);
  if (store?.kind !== 'sqlite') return [{ path }];
  const beside = SIDECARS.map((end) => `${path}${end}`).filter((one) => on.stateOf(one).kind === 'file');
  return [path, ...beside].map((one) => ({ path: one, store: path }));
}
