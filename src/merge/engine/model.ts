/** What the engine holds in its hands while it works. Rows are in the files; this is about tables. */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { numbered } from '../ledger-schema.ts';
import type { MergeRequest, PartSpec, TableSpec } from '../model.ts';
import { addressSql, type Shape } from './shape.ts';

export interface Engine {
  readonly db: Connection;
  readonly request: MergeRequest;
  readonly targets: readonly Target[];
  /** Its number in the ledger. */
  rule(name: string, detail?: string | null): bigint;
  /** Columns that differ somewhere and have no policy, with rows. */
  readonly unsettled: Map<Target, Map<string, number>>;
  /** Tables of which a temporary one holds the keys that some ancestor had and the target has no more. */
  readonly erased: Set<Target>;
}

/** A table of the merged file. */
export interface Target {
  /** Position in the specification. */
  readonly at: number;
  readonly spec: TableSpec;
  readonly shape: Shape;
  readonly before: number;
  /** The last id that the target gave to a row. */
  readonly given: bigint;
  /** Where ids come from; `null` where rows have no surrogate. */
  readonly numbers: Numbers | null;
  /** Columns that references of any table lead to. */
  readonly referredTo: ReadonlySet<string>;
}

/** Free numbers of one table: beyond all that any store has, gave away, or refers to. */
export interface Numbers {
  next: bigint;
  /** The last one. */
  readonly limit: bigint;
  /** Every number in between is given to a row of the target. */
  readonly dense: { readonly first: bigint; readonly last: bigint } | null;
}

/** One table of the source that is attached as `s`. */
export interface Part {
  /** In the ledger. */
  readonly number: number;
  readonly source: number;
  readonly target: Target;
  readonly spec: PartSpec;
  readonly shape: Shape;
  /** The part of the same source where rows of this table of the target are looked for. */
  readonly partOf: (table: string) => Part | undefined;
  /** The same of another source, which is attached beside this one. */
  readonly foreign: (source: number, table: string) => Part | undefined;
  readonly targetOf: (table: string) => Target | undefined;
  /** Surrogates of the tables of the target, by name. */
  readonly surrogates: ReadonlyMap<string, string>;
  /** Temporary tables that find rows by columns that no index has. */
  readonly keys: ReadonlyMap<string, string>;
  readonly rows: number;
  readonly state: PartState;
}

/** What is known so far; expressions are made of it. */
export interface PartState {
  /** Whether `rows_<part>` has any line. */
  listed: boolean;
  /** Whether some of its lines are of rows that come in. */
  placed: boolean;
  /** Rows that are retained. */
  retained: number;
  /** How far addresses of inserted rows are from their old ones. `many`: the ledger's spans say. */
  offset: bigint | 'many';
  /** A temporary table has the surrogates of rows that got a new one. */
  renumbered: boolean;
  /** Tables of the target to which some value refers in vain. */
  readonly ghosts: Set<string>;
}

export const rowsOf = (part: Part): string => `ledger.rows_${part.number}`;
export const differsOf = (part: Part): string => `ledger.differs_${part.number}`;
/** Columns of an address in the source and in the target, as the ledger names them. */
export const oldOf = (part: Part): readonly string[] => numbered('o', part.shape.address.length);
export const newOf = (part: Part): readonly string[] => numbered('k', part.target.shape.address.length);

/** The ledger's line of a row. Without the affinity of the row's column, which would keep SQLite from the ledger's index. */
export function isLine(part: Part, ledgerAlias: string, alias: string): string {
  const address = addressSql(part.shape, alias);
  return oldOf(part)
    .map((name, i) => `${ledgerAlias}.${name} = +${address[i]}`)
    .join(' AND ');
}

/** The row of a line of the ledger. */
export function isRow(part: Part, ledgerAlias: string, alias: string): string {
  const address = addressSql(part.shape, alias);
  return oldOf(part)
    .map((name, i) => `${address[i]} = ${ledgerAlias}.${name}`)
    .join(' AND ');
}

/** `r.k0 = y."id" AND …` */
export function isTargetRow(part: Part, ledgerAlias: string, alias: string): string {
  const address = addressSql(part.target.shape, alias);
  return newOf(part)
    .map((name, i) => `${ledgerAlias}.${name} = ${address[i]}`)
    .join(' AND ');
}

/** Rows that nothing has been said of yet. */
export function undecided(part: Part, alias: string): string {
  return part.state.listed ? `NOT EXISTS (SELECT 1 FROM ${rowsOf(part)} l WHERE ${isLine(part, 'l', alias)})` : '1';
}
