/** Sums of a ledger, from its lines and the rows of the sources: no counter is believed where the rows are at hand. */
import { type Connection, fileUri } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { PartTotals } from './model.ts';
import { addressOf, ledgerParts } from './parts.ts';

export function ledgerTotals(db: Connection, sources: Readonly<Record<string, string>>): readonly PartTotals[] {
  const counted = new Map<string, number>();
  const parts = ledgerParts(db);
  for (const [path, file] of Object.entries(sources)) {
    db.rows('ATTACH ? AS src', fileUri(file, 'immutable'));
    for (const { part, store, sourceTable } of parts) {
      if (store !== path) continue;
      counted.set(String(part), Number(db.row(`SELECT count(*) FROM src.${quoteName(sourceTable)}`)?.[0] ?? 0));
    }
    db.exec('DETACH src');
  }
  return parts.map(({ stated, ...part }) => {
    const by = new Map(
      db
        .rows(`SELECT presence, count(*) FROM led.rows_${part.part} GROUP BY presence`)
        .map((row) => [Number(row[0]), Number(row[1])]),
    );
    const [identical, merged, retained] = [by.get(2) ?? 0, by.get(3) ?? 0, by.get(4) ?? 0];
    const rows = counted.get(String(part.part));
    const address = addressOf(db, `differs_${part.part}`, 'o').join(', ');
    const conflicts = db.row(`SELECT count(*) FROM (SELECT DISTINCT ${address} FROM led.differs_${part.part})`)?.[0];
    return {
      ...part,
      rows: rows ?? stated[0],
      inserted: rows === undefined ? stated[1] : rows - identical - merged - retained,
      ...{ identical, merged, retained, conflicts: Number(conflicts ?? 0), counted: rows !== undefined },
    };
  });
}
