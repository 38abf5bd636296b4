/** The merges among the runs that are taken back: whose rows came from where, their ledgers say. Needs the runs' folders and the vault only. */
import type { ProjectGround } from '../../apply/ground.ts';
import type { RunId } from '../../apply/model.ts';
import { readRun } from '../../journal/run-folder.ts';
import type { LedgerStores } from '../../merge/carry/ledger-stores.ts';
import type { Pool } from '../../stores/child/pool.ts';
import { type PathChain, pathChains } from '../chains.ts';

export interface Merge extends LedgerStores {
  readonly run: RunId;
  /** The file. */
  readonly ledger: string;
  readonly action: string;
  /** What this run alone did. By key of the path. */
  readonly chains: ReadonlyMap<string, PathChain>;
}

const LEDGER = /^ledger-(.+)\.db$/;
/** A ledger is read by its first rows only. */
const SECONDS = 60;

/** `undoes`: newest first. Throws `UnreadableStore` where a ledger cannot be read. */
export async function findMerges(
  { disk, state }: Pick<ProjectGround, 'disk' | 'state'>,
  pool: Pool,
  undoes: readonly RunId[],
): Promise<readonly Merge[]> {
  const merges: Merge[] = [];
  for (const id of undoes) {
    const run = readRun(disk, state, id);
    if (run === null) continue;
    try {
      const names = disk.readdir(run.folder).map(String);
      const ledgers = names.flatMap((name) => (LEDGER.test(name) ? [name] : [])).sort();
      if (ledgers.length === 0) continue;
      const chains = pathChains(run.steps.between(1, run.steps.count));
      for (const name of ledgers) {
        const ledger = `${run.folder}/${name}`;
        const told = await pool.ask('ledgerStores', { file: ledger }, SECONDS);
        merges.push({ ...told, run: id, ledger, action: LEDGER.exec(name)?.[1] ?? '', chains });
      }
    } finally {
      run.steps.close();
    }
  }
  return merges;
}
