/** Answers what is asked of a ledger. In a child process; whatever grows with the rows goes into files. */
import { type Connection, fileUri, openConnection } from '../../stores/sqlite/driver.ts';
import type { LedgerAnswer, LedgerRequest } from './model.ts';
import { ledgerTotals } from './totals.ts';
import { writeIdMap } from './write-id-map.ts';
import { writeLines } from './write-lines.ts';

export function askLedger(request: LedgerRequest): LedgerAnswer {
  const db = openConnection('', 'memory');
  try {
    db.rows('ATTACH ? AS led', fileUri(request.ledger, 'immutable'));
    return answer(db, request);
  } finally {
    db.close();
  }
}

function answer(db: Connection, request: LedgerRequest): LedgerAnswer {
  switch (request.what) {
    case 'totals':
      return { totals: ledgerTotals(db, request.sources) };
    case 'lines':
      return { lines: writeLines(db, request.filter, request.to) };
    case 'id-map':
      return { idMap: writeIdMap(db, request.merged, request.sources, request.to) };
  }
}
