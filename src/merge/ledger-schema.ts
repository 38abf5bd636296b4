/**
 * The tables of a ledger, as `docs/ledger.md` describes them. What writes it and what verifies it have this in common and nothing
 * else: neither trusts the other.
 */

export const LEDGER_VERSION = 1;

/** What became of a row, as `rows_<part>` says it. */
export const PRESENCE = { inserted: 1, identical: 2, merged: 3, retained: 4 } as const;

/** Whose value it is now, as `differs_<part>` says it. */
export const WINNER = { target: 0, source: 1 } as const;

/** Statements for the tables that each ledger has. `schema`: the name under which the file is open. */
export function ledgerTables(schema: string): string {
  return `
CREATE TABLE ${schema}.ledger (version INTEGER NOT NULL, target TEXT NOT NULL, spec TEXT NOT NULL) STRICT;
CREATE TABLE ${schema}.stores (store INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, sha256 TEXT, role TEXT NOT NULL) STRICT;
CREATE TABLE ${schema}.parts (
  part INTEGER PRIMARY KEY, store INTEGER NOT NULL REFERENCES stores, source_table TEXT NOT NULL, target_table TEXT NOT NULL,
  rows INTEGER NOT NULL, inserted INTEGER NOT NULL, identical INTEGER NOT NULL, merged INTEGER NOT NULL, retained INTEGER NOT NULL,
  conflicts INTEGER NOT NULL,
  offset INTEGER,
  CHECK (rows = inserted + identical + merged + retained)) STRICT;
CREATE TABLE ${schema}.rules (rule INTEGER PRIMARY KEY, name TEXT NOT NULL, detail TEXT, UNIQUE (name, detail)) STRICT;
CREATE TABLE ${schema}.spans (part INTEGER NOT NULL REFERENCES parts, first INTEGER NOT NULL, last INTEGER NOT NULL, offset INTEGER NOT NULL, PRIMARY KEY (part, first)) STRICT, WITHOUT ROWID;
CREATE TABLE ${schema}.left_out (part INTEGER NOT NULL REFERENCES parts, source_column TEXT NOT NULL, filled INTEGER NOT NULL, PRIMARY KEY (part, source_column)) STRICT, WITHOUT ROWID;
CREATE TABLE ${schema}.ghosts (target_table TEXT NOT NULL, part INTEGER, old INTEGER NOT NULL, new INTEGER NOT NULL, UNIQUE (target_table, part, old)) STRICT;
`;
}

/** The tables of one part. `from`: columns of an address in the source, `to`: of one in the target. */
export function partTables(schema: string, part: number, from: number, to: number): string {
  const old = numbered('o', from).join(', ');
  return `
CREATE TABLE ${schema}.rows_${part} (${old}, presence INTEGER NOT NULL, ${numbered('k', to).join(', ')}, rule INTEGER, PRIMARY KEY (${old})) WITHOUT ROWID;
CREATE TABLE ${schema}.differs_${part} (${old}, "column" INTEGER NOT NULL, won, lost, winner INTEGER NOT NULL, rule INTEGER NOT NULL, PRIMARY KEY (${old}, "column")) WITHOUT ROWID;
`;
}

/** `o0, o1, …` */
export function numbered(letter: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${letter}${i}`);
}
