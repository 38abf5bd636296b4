/** A ledger with the files that it is about, opened so that each row of a source can be followed to where it is. In a child process. */

import { UnreadableStore } from '../../stores/reader.ts';
import { type Connection, fileUri, openConnection } from '../../stores/sqlite/driver.ts';
import { encodingOf } from '../../stores/sqlite/encoding.ts';
import { ledgerPart } from '../verify/ledger-parts.ts';
import { shapeOf } from '../verify/shapes.ts';
import type { PartView } from '../verify/views.ts';
import type { LedgerFiles, PartFilter } from './documents.ts';
import { readSpec } from './read-spec.ts';

/** The parts of one source after the other; a source is attached as long as its parts are looked at. `each` says `false` to stop. */
export function eachPart(
  files: LedgerFiles,
  filter: PartFilter,
  each: (db: Connection, view: PartView) => boolean,
): void {
  const db = openConnection('', 'memory');
  try {
    // What is attached must be of one encoding with what is open.
    db.exec(`PRAGMA encoding = '${encodingOf(files.merged)}'`);
    attach(db, 'mrg', files.merged);
    attach(db, 'led', files.ledger);
    const spec = readSpec(db, 'led');
    for (const [i, source] of spec.sources.entries()) {
      const file = files.sources[i];
      if (file === undefined || (filter.store !== null && filter.store !== source.path)) continue;
      attach(db, 'src', file);
      for (const table of spec.tables) {
        for (const part of table.parts) {
          if (part.source !== i || !isAsked(filter.table, part.table, table.table)) continue;
          const [src, mrg] = [shapeOf(db, 'src', part.table), shapeOf(db, 'mrg', table.table)];
          const line = ledgerPart(db, source.path, part.table, table.table);
          if (src === null || mrg === null || line === undefined) {
            throw new UnreadableStore('error', `${part.table} of ${source.path} is not what the ledger is about`);
          }
          const spans = !src.withoutRowid && !mrg.withoutRowid;
          const isText = source.kind === 'text';
          if (!each(db, { ...line, spans, spec: part, table, source: source.path, isText, src, mrg })) return;
        }
      }
      db.exec('DETACH src');
    }
  } finally {
    db.close();
  }
}

export function isAsked(asked: string | null, ...names: readonly string[]): boolean {
  return asked === null || names.some((name) => name.toLowerCase() === asked.toLowerCase());
}

function attach(db: Connection, name: string, file: string): void {
  db.rows(`ATTACH ? AS ${name}`, fileUri(file, 'immutable'));
}
