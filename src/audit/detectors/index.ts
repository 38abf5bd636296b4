/** The list of detectors, in the order of the documentation, and how their findings become one report. */
import type { Detector, Facts, Finding } from '../model.ts';
import { backupResidue } from './backup-residue.ts';
import { conflictingTwin } from './conflicting-twin.ts';
import { copyStore } from './copy-store.ts';
import { corruptStore } from './corrupt-store.ts';
import { divergedStore } from './diverged-store.ts';
import { emptyResidue } from './empty-residue.ts';
import { compareFindings, finish } from './finding.ts';
import { fkBaseline } from './fk-baseline.ts';
import { foreignStore } from './foreign-store.ts';
import { migrationDrift } from './migration-drift.ts';
import { noClearPrimary } from './no-clear-primary.ts';
import { olderGeneration } from './older-generation.ts';
import { orphanExport } from './orphan-export.ts';
import { sameNameUnrelated } from './same-name-unrelated.ts';
import { seedData } from './seed-data.ts';
import { staleExport } from './stale-export.ts';
import { stateResidue } from './state-residue.ts';
import { storeWithCredentials } from './store-with-credentials.ts';
import { subsetStore } from './subset-store.ts';
import { trackedStore } from './tracked-store.ts';
import { twinTable } from './twin-table.ts';
import { unreadableStore } from './unreadable-store.ts';
import { wellKept } from './well-kept.ts';

export const detectors: readonly Detector[] = [
  // stores
  copyStore,
  subsetStore,
  divergedStore,
  olderGeneration,
  noClearPrimary,
  migrationDrift,
  backupResidue,
  emptyResidue,
  foreignStore,
  unreadableStore,
  corruptStore,
  trackedStore,
  storeWithCredentials,
  // tables
  conflictingTwin,
  twinTable,
  sameNameUnrelated,
  fkBaseline,
  seedData,
  // files
  orphanExport,
  staleExport,
  stateResidue,
  // in order
  wellKept,
];

/** Worst first; `disabled` codes are not asked. A finding that two paths lead to is reported once. */
export function detectAll(facts: Facts, disabled: readonly string[]): readonly Finding[] {
  const found = detectors
    .filter(({ doc }) => !disabled.includes(doc.code))
    .flatMap(({ doc, detect }) => detect(facts).map((draft) => finish(doc.code, draft)));
  const unique = new Map(
    found
      .toSorted(compareFindings)
      .reverse()
      .map((finding) => [finding.fingerprint, finding]),
  );
  return [...unique.values()].sort(compareFindings);
}
