/** Every planner, in the order in which they may claim a file: an earlier one's reason to let it go is the better one. */
import { backups } from './backups.ts';
import { copies } from './copies.ts';
import { exportFiles } from './exports.ts';
import { followMerges } from './follow.ts';
import { gitEntries } from './git-entries.ts';
import { leftAlone } from './left-alone.ts';
import { mergeStores } from './merges.ts';
import { modules } from './modules.ts';
import type { Planner } from './planner.ts';
import { residue } from './residue.ts';
import { scriptFolders } from './script-folders.ts';
import { split } from './split.ts';
import { stateFiles } from './state-files.ts';
import { unusedModules } from './unused.ts';

export const planners: readonly Planner[] = [
  split,
  copies,
  mergeStores,
  followMerges,
  modules,
  backups,
  exportFiles,
  residue,
  stateFiles,
  unusedModules,
  scriptFolders,
  gitEntries,
  leftAlone,
];
