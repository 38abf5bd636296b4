/** Which file of a project loads which. Plain data with a few questions that are asked often. Paths are relative to the project. */
import type { ImportFact } from '../facts.ts';

export interface ImportEdge {
  readonly from: string;
  readonly to: string;
  readonly fact: ImportFact;
  /** The fully qualified name that the import gives the file: two names for one file are two modules at run time. */
  readonly qualified?: string;
  readonly how: /** The import names this file. */
    | 'module'
    /** A taken name is a module itself: `from pkg import mod`. */
    | 'member'
    /** Loaded on the way: the packages' `__init__.py`. */
    | 'package'
    /** The name is computed, and this is one of the files that it could be. */
    | 'computed'
    /** A text names its path: a script that is started, a module that is loaded by its file. */
    | 'named'
    /** The import names the path that this file had before it was renamed (trap C9). */
    | 'former'
    /** The import leads nowhere, and this is what it probably means. */
    | 'perhaps';
}

export interface Unresolved {
  readonly from: string;
  readonly fact: ImportFact;
  readonly status: /** Names something of this project that is not there. */
    | 'missing'
    /** Computed, and nothing tells which files are meant. */
    | 'computed'
    /** The file is there and lacks `missingNames`. */
    | 'names';
  readonly missingNames?: readonly string[];
  readonly why?: string;
  readonly perhaps?: readonly string[];
}

export interface ImportGraph {
  /** By path of `from`, then as they stand in the file. */
  readonly edges: readonly ImportEdge[];
  readonly unresolved: readonly Unresolved[];
  /** Files that `path` names or loads, each once. */
  imports(path: string): readonly string[];
  /** Files that name or load `path`, each once, however weakly (`former`, `perhaps`): while there is one, it is needed. */
  importers(path: string): readonly string[];
  edgesFrom(path: string): readonly ImportEdge[];
  edgesTo(path: string): readonly ImportEdge[];
  /** Files that run `path` when they run, itself included: types, texts and guesses (`named`, `former`, `perhaps`) do not count. */
  leadingTo(path: string): ReadonlySet<string>;
}
