/** Files of rows as text, the table that repeats them, and the code that reads and writes them (traps X3, X6). */
import type { Binding } from '../bindings/model.ts';
import type { Store } from '../stores/model.ts';
import { opens, reads, writes } from './code-use.ts';
import { type ExportMatch, exportMatches } from './export-matches.ts';
import type { Facts, TableComparison } from './model.ts';
import { shared } from './orient.ts';

export interface TextStoreUse {
  readonly path: string;
  /** Absent: the program makes the file when it runs. */
  readonly store?: Store;
  /** The file and its byte-equal brothers. */
  readonly files: readonly string[];
  /** The best twin among the tables of databases, where rows are shared. */
  readonly twin?: TableComparison;
  readonly readers: readonly Binding[];
  readonly writers: readonly Binding[];
}

const TEXT_ROWS = /\.(?:csv|tsv|jsonl|ndjson)$/i;

export function textStoreUses(facts: Facts): readonly TextStoreUse[] {
  const matches = new Map(exportMatches(facts).flatMap((match) => match.files.map((file) => [file, match] as const)));
  const known = facts.code.bindings.filter(({ confidence, purpose }) => confidence !== 'unknown' && purpose !== 'test');
  const uses: TextStoreUse[] = [];
  for (const store of facts.stores) {
    const isText = store.kind === 'csv' || store.kind === 'json' || store.kind === 'jsonl';
    if (!isText || store.foreign !== undefined || store.role === 'fixture' || store.role === 'backup') continue;
    const users = known.filter((binding) => opens(binding, store.id));
    if (users.length === 0) continue;
    const match = matches.get(store.id);
    const twin = match === undefined ? undefined : bestTwin(match);
    uses.push({
      path: store.path,
      store,
      files: match?.files ?? [store.id],
      ...(twin === undefined ? {} : { twin }),
      readers: users.filter(reads),
      writers: users.filter(writes),
    });
  }
  const made = new Map<string, Binding[]>();
  for (const binding of known) {
    if (binding.target.kind !== 'runtime' || !TEXT_ROWS.test(binding.target.path)) continue;
    made.set(binding.target.path, [...(made.get(binding.target.path) ?? []), binding]);
  }
  for (const [path, users] of made) {
    uses.push({ path, files: [path], readers: users.filter(reads), writers: users.filter(writes) });
  }
  return uses;
}

function bestTwin({ tables }: ExportMatch): TableComparison | undefined {
  return tables.find(({ best }) => best !== undefined && shared(best) > 0)?.best;
}

/** Rows that code of the application writes beside the database: told as such, and not once more as an export that is read. */
export function isWrittenDirectly({ store, readers, writers, twin, path }: TextStoreUse, facts: Facts): boolean {
  if (store?.role === 'export' || NOT_ROWS.test(path)) return false;
  const own = writers.filter(({ purpose }) => purpose === 'application');
  if (own.length === 0) return false;
  // What is made from the database is an export, wherever it lies.
  const exports = own.every((writer) =>
    facts.code.bindings.some(
      (other) => other.path === writer.path && isDatabase(other, facts) && (reads(other) || other.access.length === 0),
    ),
  );
  const back = readers.filter(({ purpose }) => purpose === 'application');
  if (twin !== undefined) return back.length > 0 || !exports;
  return back.length > 0 && hasDatabase(facts);
}

/** Caches, logs and settings are meant to be files. */
const NOT_ROWS =
  /cache|(?:^|[/_.-])(?:logs?|tmp|temp|locks?|config|settings|state|session|history|metrics)(?:[/_.-]|$)/i;

const isDatabase = ({ store, target }: Binding, { stores }: Facts): boolean =>
  target.kind === 'server' || stores.some(({ id, kind }) => id === store && kind === 'sqlite');

const hasDatabase = (facts: Facts): boolean =>
  facts.code.bindings.some((binding) => binding.purpose === 'application' && isDatabase(binding, facts));
