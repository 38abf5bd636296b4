/** The list of detectors, in the order of the documentation, and how their findings become one report. */
import type { Detector, Facts, Finding } from '../model.ts';
import { backupResidue } from './backup-residue.ts';
import { blindReader } from './blind-reader.ts';
import { compiledResidue } from './compiled-residue.ts';
import { configScatter } from './config-scatter.ts';
import { conflictingTwin } from './conflicting-twin.ts';
import { copyStore } from './copy-store.ts';
import { corruptStore } from './corrupt-store.ts';
import { credentialsInCode } from './credentials-in-code.ts';
import { danglingImport } from './dangling-import.ts';
import { danglingReference } from './dangling-reference.ts';
import { ddlClash } from './ddl-clash.ts';
import { destructiveScript } from './destructive-script.ts';
import { directWrite } from './direct-write.ts';
import { divergedStore } from './diverged-store.ts';
import { emptyResidue } from './empty-residue.ts';
import { exportReadByCode } from './export-read-by-code.ts';
import { compareFindings, finish } from './finding.ts';
import { fkBaseline } from './fk-baseline.ts';
import { foreignStore } from './foreign-store.ts';
import { migrationDrift } from './migration-drift.ts';
import { missingStore } from './missing-store.ts';
import { mixedImportPaths } from './mixed-import-paths.ts';
import { nearCopy } from './near-copy.ts';
import { noClearPrimary } from './no-clear-primary.ts';
import { olderGeneration } from './older-generation.ts';
import { orphanExport } from './orphan-export.ts';
import { repeatedConnectionModule } from './repeated-connection-module.ts';
import { sameNameUnrelated } from './same-name-unrelated.ts';
import { scatteredConnections } from './scattered-connections.ts';
import { scriptFamily } from './script-family.ts';
import { seedData } from './seed-data.ts';
import { severalMigrationSystems } from './several-migration-systems.ts';
import { severalSpellings } from './several-spellings.ts';
import { splitStore } from './split-store.ts';
import { staleExport } from './stale-export.ts';
import { stateResidue } from './state-residue.ts';
import { storeWithCredentials } from './store-with-credentials.ts';
import { stubExport } from './stub-export.ts';
import { subsetStore } from './subset-store.ts';
import { testsWriteState } from './tests-write-state.ts';
import { tooManyConnections } from './too-many-connections.ts';
import { trackedStore } from './tracked-store.ts';
import { twinTable } from './twin-table.ts';
import { unboundStore } from './unbound-store.ts';
import { unreadSetting } from './unread-setting.ts';
import { unreadableStore } from './unreadable-store.ts';
import { unusedModule } from './unused-module.ts';
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
  severalMigrationSystems,
  testsWriteState,
  splitStore,
  unboundStore,
  missingStore,
  severalSpellings,
  // tables
  blindReader,
  ddlClash,
  conflictingTwin,
  twinTable,
  sameNameUnrelated,
  fkBaseline,
  seedData,
  // files
  orphanExport,
  staleExport,
  exportReadByCode,
  directWrite,
  stateResidue,
  // modules
  repeatedConnectionModule,
  scatteredConnections,
  stubExport,
  mixedImportPaths,
  danglingImport,
  nearCopy,
  unusedModule,
  compiledResidue,
  scriptFamily,
  destructiveScript,
  // settings
  credentialsInCode,
  configScatter,
  unreadSetting,
  danglingReference,
  tooManyConnections,
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
