/** What the audit knows of a project's code. Plain data beside maps for looking up; reports take what they need. */
import type { FileNames } from '../bindings/file-names.ts';
import type { Binding } from '../bindings/model.ts';
import type { Opening } from '../bindings/value.ts';
import type { DdlColumn, FileFacts } from '../code/facts.ts';
import type { EntryPoint } from '../code/graph/entry-points.ts';
import type { ImportGraph } from '../code/graph/model.ts';
import type { Unused } from '../code/graph/reachable.ts';
import type { Residue } from '../code/graph/residue.ts';
import type { RoleFound } from '../code/roles/model.ts';
import type { SimilarPair } from '../code/similar/model.ts';
import type { GitState } from '../stores/model.ts';

export interface VariableSite {
  readonly name: string;
  readonly path: string;
  readonly line: number;
  readonly kind: 'set' | 'read';
  /** Default in code, or what it is set to; secrets as `***`. `null`: none. */
  readonly value: string | null;
  /** `code`, or the label of the service, stage or file that sets it. */
  readonly where: string;
}

/** A table that code declares, in SQL or through an ORM. */
export interface Declaration {
  readonly table: string;
  readonly path: string;
  readonly line: number;
  readonly columns: readonly DdlColumn[];
  /** Of a `CREATE TABLE` without holes: its brackets and what stands behind them. */
  readonly body?: string;
  /** `CREATE TABLE`, `class User`, `model User`. */
  readonly by: string;
  /** Stores that the file's connections open. */
  readonly stores: readonly string[];
}

/** A function or class. */
export interface NamedScope {
  readonly name: string;
  /** 1-based, inclusive. */
  readonly lines: readonly [first: number, last: number];
}

export interface Learnt {
  /** In the order of the file, so outer ones first; left out, as are names, where no structure was read. */
  readonly scopes?: readonly NamedScope[];
  readonly names?: FileNames;
  readonly openings: readonly Opening[];
}

export interface Code {
  readonly files: ReadonlyMap<string, FileFacts>;
  /** Every file of the project, read or not; vendored folders left out. */
  readonly paths: ReadonlySet<string>;
  readonly bindings: readonly Binding[];
  readonly graph: ImportGraph;
  readonly variables: readonly VariableSite[];
  readonly declarations: readonly Declaration[];
  /** Where programs begin. */
  readonly entries: readonly EntryPoint[];
  /** Modules that no entry point reaches. */
  readonly unused: Unused;
  /** What scripts are for, by what they do. */
  readonly roles: ReadonlyMap<string, readonly RoleFound[]>;
  /** Files that repeat each other, of those that people wrote for the application and its scripts. */
  readonly similar: readonly SimilarPair[];
  /** What builds left behind. */
  readonly residue: readonly Residue[];
  /** How git sees a file; absent where the project is in no repository. */
  readonly gitOf?: (path: string) => GitState;
  /**
   * What costs to find out about one file and follows from it (and from the words of the question) alone: remembered with the
   * file's content. Answers are plain JSON, and hold no secret.
   */
  answer<T>(path: string, question: string, make: () => T): T;
  /**
   * What follows from imports, entry points and bindings alone, and not from what else stands in the files: remembered while these
   * stay the same. Plain JSON.
   */
  recall<T>(question: string, make: () => T): T;
  /** What was learnt of a file while its structure was at hand: who needs no more does not parse it again. */
  learnt?(path: string): Learnt;
  /** Full structure of a file. */
  structureOf(path: string): FileFacts;
  /** A line as it stands, trimmed. */
  lineOf(path: string, line: number): string;
}
