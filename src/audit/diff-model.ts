/** Result and options of `diff`. Plain data. */
import type { Ancestor, KeyEvidence, TableComparison } from './model.ts';

export interface DiffOptions {
  readonly root: string;
  readonly scratchDir: string;
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal;
  /** Stores, relative to the project or absolute. */
  readonly a: string;
  readonly b: string;
  readonly table?: string;
  /** Include row contents: the one way that they leave a store. */
  readonly showValues: boolean;
  /** Rows per list of values. */
  readonly limit: number;
  /** Look for an earlier common state among backups and in git history. */
  readonly ancestors: boolean;
}

export type RowText = Readonly<Record<string, string | null>>;

/** Always of every row; `relation` reads "a is a … of b". */
export interface DiffTable extends Omit<TableComparison, 'a' | 'b' | 'renumbered' | 'method' | 'sampledRows'> {
  readonly a: string;
  readonly b: string;
  /** Columns of the chosen key. */
  readonly key: readonly string[];
  readonly keyKind: KeyEvidence['kind'];
  readonly renumbered: number;
  /** Columns of either store that refer to this table. */
  readonly references: readonly {
    readonly table: string;
    readonly column: string;
    readonly store: string;
    readonly rows: number;
    readonly inferred: boolean;
  }[];
  /** Only with `showValues`. */
  readonly values?: {
    readonly onlyA: readonly RowText[];
    readonly onlyB: readonly RowText[];
    readonly conflicting: readonly { readonly key: RowText; readonly a: RowText; readonly b: RowText }[];
  };
}

export interface Diff {
  readonly version: 1;
  readonly a: string;
  readonly b: string;
  readonly tables: readonly DiffTable[];
  readonly ancestors: readonly Ancestor[];
  readonly notCompared: readonly { readonly table: string; readonly store: string; readonly why: string }[];
}
