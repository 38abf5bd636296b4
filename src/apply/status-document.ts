/** Where a project stands, as plain data for reports: its runs, who works on it, what waits. Changes nothing, makes nothing. */
import { basename } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import { projectOf, type StateFolder } from '../state/state-folder.ts';
import { backupIds } from '../vault/manifest.ts';
import { vaultFolder } from '../vault/vault-folder.ts';
import { goesWith, type KnownRun, knownRuns } from './known-runs.ts';
import type { RunSummary, StatusDocument } from './model.ts';

export function statusDocument(disk: Disk, state: StateFolder, root: string): StatusDocument {
  const known = projectOf(disk, state);
  const { runs, damaged, working, waiting } = knownRuns(disk, state);
  const backups = new Set(disk.lstat(state.vault) === null ? [] : backupIds(disk, vaultFolder(state.vault)));
  return {
    version: 1,
    project: basename(root),
    state: state.path,
    known: known !== null,
    working: working.map(({ path, holder, alive }) => ({
      pid: holder?.pid ?? 0,
      host: holder?.host ?? '?',
      command: holder?.command ?? '?',
      since: holder?.at ?? '',
      alive: alive === 'yes' ? 'yes' : 'cannot tell',
      file: path,
    })),
    runs: runs.map((run) => summaryOf(run, runs, backups)),
    waiting: waiting?.id ?? null,
    notes: [
      ...(known !== null && known.root !== root ? [`this is the state of ${known.root}`] : []),
      ...damaged.map(({ run, why }) => `run ${run}: ${why}`),
    ],
  };
}

function summaryOf(run: KnownRun, all: readonly KnownRun[], backups: ReadonlySet<string>): RunSummary {
  const { header, status } = run;
  const pruned = header.backups.filter((id) => !backups.has(id));
  const inForce = status.is !== 'rolled back' && status.is !== 'prepared';
  return {
    run: run.id,
    kind: header.kind,
    at: header.at,
    plan: header.plan === null ? null : { id: header.plan.id, phase: header.plan.phase },
    undoes: header.undoes,
    status,
    verifications: run.reports.map(({ at, ok }) => ({ at, ok })),
    backups: header.backups,
    with: inForce ? goesWith(all, run.id) : [],
    cannotGoBack: inForce && pruned.length > 0 ? `its backup ${pruned.join(', ')} is not in the vault any more` : null,
  };
}
