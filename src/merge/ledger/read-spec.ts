/** The specification that a ledger is about, where this version of desprawl can read the ledger. */
import { UnreadableStore } from '../../stores/reader.ts';
import type { Connection } from '../../stores/sqlite/driver.ts';
import { LEDGER_VERSION } from '../ledger-schema.ts';
import type { MergeSpec } from '../model.ts';

/** `schema`: under which the ledger is open. Throws `UnreadableStore`. */
export function readSpec(db: Connection, schema: string): MergeSpec {
  const [version, spec] = db.row(`SELECT version, spec FROM ${schema}.ledger`) ?? [];
  if (version !== BigInt(LEDGER_VERSION)) {
    throw new UnreadableStore('unsupported', `a ledger of version ${version}; this desprawl reads ${LEDGER_VERSION}`);
  }
  return JSON.parse(String(spec)) as MergeSpec;
}
