/** Which files an import leads to. One resolver per family of languages; all answer in these words. */
import type { FileFacts, ImportFact } from './facts.ts';

/** What resolvers may look at. Paths are relative to the project, `/`-separated. */
export interface SourceTree {
  /** Every file of the project (vendored folders left out), read or not. */
  readonly paths: ReadonlySet<string>;
  /** Folders that have a file somewhere below. */
  readonly folders: ReadonlySet<string>;
  readonly facts: ReadonlyMap<string, FileFacts>;
  /** The text of a settings file that is among `paths` (tsconfig.json, package.json, pyproject.toml); cached. */
  readText(path: string): string | undefined;
}

export interface Resolution {
  readonly status: /** Leads to a file of this project. */
    | 'project'
    /** A package or the standard library. */
    | 'external'
    /** Names something that should be in this project (relative, alias, first segment is a folder or module of ours) and is not. */
    | 'missing'
    /** Built at run time; cannot be told. */
    | 'computed';
  /** The file that the module name leads to (`pkg/__init__.py` for a package). */
  readonly file?: string;
  /** Every file that is loaded on the way (packages' `__init__.py`), without `file`. */
  readonly also?: readonly string[];
  /** Taken names that are modules themselves (`from pkg import mod`): name → file. */
  readonly submodules?: Readonly<Record<string, string>>;
  /** Taken names that the file neither defines, re-exports nor could (no star import, no `__getattr__`). */
  readonly missingNames?: readonly string[];
  /** The fully qualified name: `pkg.mod` for Python, the specifier for packages. Two names for one file are a finding. */
  readonly qualified?: string;
  /** For `missing`: where it was looked for; a file elsewhere in the project that it probably means (trap C9). */
  readonly why?: string;
  readonly perhaps?: readonly string[];
}

export interface Resolver {
  resolve(from: string, fact: ImportFact): Resolution;
}
