/** A ledger as the oracle needs it: where each row of each source went, and what was said of it. */
import type { MergeSpec, PartSpec, TableSpec } from '../../src/merge/model.ts';
import type { Value } from '../../src/rows/value.ts';
import { encodedRow, isBare, type Row, type Rows, select, withFile } from './read-rows.ts';

export interface Landed {
  readonly presence: number;
  /** Address in the merged table, as one text; `null`: retained. */
  readonly to: string | null;
  readonly rule: string | null;
  readonly differs: readonly {
    readonly column: string;
    readonly won: Value;
    readonly lost: Value;
    readonly winner: number;
    readonly rule: string | null;
  }[];
}

export interface PartOf {
  /** Number in the ledger. */
  readonly at: number;
  readonly table: TableSpec;
  readonly spec: PartSpec;
  readonly rows: readonly Row[];
  /** By address in the source. */
  readonly landed: ReadonlyMap<string, Landed>;
}

export interface LedgerOf {
  readonly parts: readonly PartOf[];
  /** `table part old` → new */
  readonly ghosts: ReadonlyMap<string, Value>;
  readonly faults: readonly string[];
}

export function readLedgerOf(
  file: string,
  spec: MergeSpec,
  sources: readonly Rows[],
  files: { readonly sources: readonly string[]; readonly merged: string },
): LedgerOf {
  const faults: string[] = [];
  return withFile(file, (db) => {
    const parts = spec.tables.flatMap((table) =>
      table.parts.map((part): PartOf => {
        const found = db.rows(
          'SELECT part FROM parts JOIN stores USING (store) WHERE path = ? AND source_table = ? AND target_table = ?',
          spec.sources[part.source]?.path ?? '',
          part.table,
          table.table,
        );
        const at = Number(found[0]?.[0] ?? -1);
        if (found.length !== 1) faults.push(`${table.table}: ${found.length} lines about source ${part.source}`);
        const rows = sources[part.source]?.get(part.table) ?? [];
        if (at < 0) return { at, table, spec: part, rows, landed: new Map() };
        const columns = db.rows('SELECT name FROM pragma_table_info(?)', `rows_${at}`).map(([name]) => String(name));
        const [o, k] = ['o', 'k'].map((letter) => columns.filter((name) => new RegExp(`^${letter}\\d+$`).test(name)));
        const lines = select(db, `rows_${at}`, columns);
        const cells = (line: readonly Value[], names: readonly string[] = []): readonly Value[] =>
          names.map((name) => line[columns.indexOf(name)] ?? null);
        const rules = new Map(select(db, 'rules', ['rule', 'name']).map(([rule, name]) => [rule, String(name)]));
        const differing = select(db, `differs_${at}`, [...(o ?? []), 'column', 'won', 'lost', 'winner', 'rule']);
        const width = o?.length ?? 0;
        const differsOf = (key: string): Landed['differs'] =>
          differing
            .filter((line) => encodedRow(line.slice(0, width)) === key)
            .map((line) => ({
              column: table.columns[Number(line[width])]?.name ?? '',
              won: line[width + 1] ?? null,
              lost: line[width + 2] ?? null,
              winner: Number(line[width + 3]),
              rule: rules.get(line[width + 4] ?? null) ?? null,
            }));
        const landed = new Map<string, Landed>();
        for (const line of lines) {
          const key = encodedRow(cells(line, o));
          const presence = Number(cells(line, ['presence'])[0]);
          const to = presence === 4 ? null : encodedRow(cells(line, k));
          landed.set(key, {
            presence,
            to,
            rule: rules.get(cells(line, ['rule'])[0] ?? null) ?? null,
            differs: differsOf(key),
          });
        }
        const spans = select(db, `spans WHERE part = ${at}`, [
          'first',
          'last',
          'offset',
        ]) as readonly (readonly bigint[])[];
        const areBare = files.sources
          .concat(files.merged)
          .map((one) => withFile(one, (other) => isBare(other, table.table)));
        const bothAreBare = areBare[part.source] === true && areBare.at(-1) === true;
        for (const row of rows) {
          if (landed.has(row.key)) continue;
          const id = row.address[0];
          const mine = spans.filter(([first = 0n, last = 0n]) => typeof id === 'bigint' && first <= id && id <= last);
          if (mine.length > 1) faults.push(`${table.table}: a row of source ${part.source} lies in several spans`);
          const [span] = mine;
          if (span !== undefined && typeof id === 'bigint') {
            landed.set(row.key, { presence: 1, to: encodedRow([id + (span[2] ?? 0n)]), rule: null, differs: [] });
          } else if (bothAreBare) {
            landed.set(row.key, { presence: 1, to: row.key, rule: null, differs: [] });
          } else faults.push(`${table.table}: a row of source ${part.source} has no presence`);
        }
        if (landed.size !== rows.length)
          faults.push(`${table.table}: the ledger has rows that source ${part.source} has not`);
        return { at, table, spec: part, rows, landed };
      }),
    );
    const ghosts = select(db, 'ghosts', ['target_table', 'part', 'old', 'new']);
    return {
      parts,
      faults,
      ghosts: new Map(ghosts.map(([table, part, old, now]) => [`${table} ${part} ${old}`, now ?? null])),
    };
  });
}
