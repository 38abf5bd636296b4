/** Which run, and which of its merges, a question about ledgers means, and the files that answer it. Reads the state and the vault only. */
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Disk } from '../disk/disk.ts';
import { shownPath } from '../disk/paths.ts';
import { readIfThere } from '../disk/read-file.ts';
import { DesprawlError } from '../errors.ts';
import type { LedgerFiles, PartFilter } from '../merge/ledger/documents.ts';
import type { Plan } from '../plan/model.ts';
import { readPlan } from '../plan/read-plan.ts';
import type { StateFolder } from '../state/state-folder.ts';
import { openObjects } from '../vault/objects.ts';
import { ABOUT, type AboutMerge, type AboutRun } from '../verify/model.ts';
import { findRun, type KnownRun, knownRuns } from './known-runs.ts';

export interface LedgerGround {
  readonly disk: Disk;
  readonly root: string;
  readonly state: StateFolder;
  readonly config: Config;
  readonly scratchDir: string;
  readonly signal?: AbortSignal;
}

export interface MergesAsked {
  /** `null`: the newest run in force that merged. */
  readonly run: string | null;
  /** `null`: all merges of the run. */
  readonly action: string | null;
  readonly filter: PartFilter;
}

/** Throws `DSP-RUN-UNKNOWN`, `DSP-LEDGER-NONE`, `DSP-TABLE-MISSING`, `DSP-STORE-MISSING`. */
export function chosenMerges(
  ground: LedgerGround,
  { run: name, action, filter }: MergesAsked,
): { readonly run: KnownRun; readonly merges: readonly AboutMerge[] } {
  const { runs } = knownRuns(ground.disk, ground.state);
  const run =
    name === null
      ? runs.find((one) => one.header.kind === 'apply' && inForce(one) && mergesOf(ground, one).some(isOfStores))
      : findRun(runs, name);
  if (run === undefined) throw new DesprawlError('DSP-LEDGER-NONE', 'No run in force merged anything.');
  const all = mergesOf(ground, run);
  if (all.length === 0) throw new DesprawlError('DSP-LEDGER-NONE', `The run ${run.id} merged nothing.`);
  const merges = all.filter((one) => action === null || one.action === action);
  if (merges.length === 0) {
    const names = all.map((one) => one.action).join(', ');
    throw new DesprawlError('DSP-LEDGER-NONE', `The run ${run.id} has no merge ${action}.`, {
      hint: `It has: ${names}.`,
    });
  }
  assertThere(merges, filter);
  return { run, merges };
}

export const inForce = (run: KnownRun): boolean => run.status.is === 'applied' || run.status.is === 'verified';

/** What settles an earlier merge is asked for by its name. */
export const isOfStores = ({ settles, follows }: AboutMerge): boolean => settles === undefined && follows === undefined;

/** What does not exist is an error, not an empty answer. */
function assertThere(merges: readonly AboutMerge[], { table, store }: PartFilter): void {
  const stores = [...new Set(merges.flatMap(({ spec }) => spec.sources.map(({ path }) => path)))].sort();
  if (store !== null && !stores.includes(store)) {
    throw new DesprawlError('DSP-STORE-MISSING', `No merge of the run has the source ${store}.`, {
      hint: `Sources are: ${stores.join(', ')}.`,
    });
  }
  const tables = merges.flatMap(({ spec }) =>
    spec.tables.flatMap((one) => [one.table, ...one.parts.map((part) => part.table)]),
  );
  if (table !== null && !tables.some((one) => one.toLowerCase() === table.toLowerCase())) {
    throw new DesprawlError('DSP-TABLE-MISSING', `No merge of the run has a table ${table}.`, {
      hint: `Tables are: ${[...new Set(tables)].sort().join(', ')}.`,
    });
  }
}

export function mergesOf({ disk }: LedgerGround, { folder }: KnownRun): readonly AboutMerge[] {
  const bytes = readIfThere(disk, join(folder, ABOUT));
  try {
    return bytes === null ? [] : ((JSON.parse(bytes.toString('utf8')) as Partial<AboutRun>).merges ?? []);
  } catch {
    // What was written before the run is broken: nothing tells of its merges.
    return [];
  }
}

export function ledgerFile({ disk }: LedgerGround, run: KnownRun, { ledger, action }: AboutMerge): string {
  const file = join(run.folder, ledger);
  if (disk.lstat(file)?.kind === 'file') return file;
  throw new DesprawlError('DSP-LEDGER-NONE', `The ledger of ${action} is not in the folder of the run ${run.id}.`);
}

export function filesOf(ground: LedgerGround, run: KnownRun, about: AboutMerge): LedgerFiles {
  const objects = openObjects(ground.disk, ground.state.vault);
  const fileOf = (sha256: string): string => {
    if (objects.has(sha256)) return shownPath(objects.pathOf(sha256));
    throw new DesprawlError(
      'DSP-VAULT-DAMAGED',
      `${sha256.slice(0, 12)}…, which ${about.action} merged or made, is not in the vault: its rows cannot be followed.`,
    );
  };
  const { merged, snapshots } = about;
  return { ledger: ledgerFile(ground, run, about), merged: fileOf(merged), sources: snapshots.sources.map(fileOf) };
}

export function sizeOf({ disk }: LedgerGround, files: readonly string[]): number {
  return files.reduce((sum, file) => sum + (disk.lstat(file)?.size ?? 0), 0);
}

/** The plan of a run as it was applied. `null`: it cannot be read any more. */
export function planOf({ disk, state }: LedgerGround, run: string): Plan | null {
  try {
    const bytes = readIfThere(disk, join(state.runs, run, 'plan.yaml'));
    return bytes === null ? null : readPlan(bytes.toString('utf8'), 'plan.yaml');
  } catch (error) {
    if (error instanceof DesprawlError) return null;
    throw error;
  }
}
