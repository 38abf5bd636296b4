/** Who imports whom, and what leads nowhere. */
import type { ImportFact } from '../facts.ts';
import type { Resolution } from '../resolve.ts';

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly fact: ImportFact;
  /** The name under which `to` was reached. */
  readonly qualified?: string;
  /** `also`: loaded on the way (a package's `__init__.py`); `submodule`: a taken name that is a module. */
  readonly via: 'module' | 'also' | 'submodule';
}

export interface Unresolved {
  readonly from: string;
  readonly fact: ImportFact;
  readonly resolution: Resolution;
}

export interface ImportGraph {
  readonly edges: readonly Edge[];
  /** Imports that are missing or computed, and those of which a taken name is missing. */
  readonly unresolved: readonly Unresolved[];
  /** Edges into a file. */
  into(file: string): readonly Edge[];
  /** Files that a file imports directly. */
  imports(file: string): readonly string[];
  /** Files from which imports lead to `file`, itself included. */
  leadingTo(file: string): ReadonlySet<string>;
}
