/** Every command, in the order in which they are used. */
import type { CliCommand } from '../command.ts';
import { applyCommand } from './apply.ts';
import { approveCommand } from './approve.ts';
import { auditCommand } from './audit.ts';
import { backupCommand } from './backup.ts';
import { conflictsCommand } from './conflicts.ts';
import { diffCommand } from './diff.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './export.ts';
import { initCommand } from './init.ts';
import { ledgerCommand } from './ledger.ts';
import { planCommand } from './plan.ts';
import { rollbackCommand } from './rollback.ts';
import { runsCommand } from './runs.ts';
import { statusCommand } from './status.ts';
import { verifyCommand } from './verify.ts';
import { whereCommand } from './where.ts';

export const commands: readonly CliCommand[] = [
  auditCommand,
  whereCommand,
  diffCommand,
  backupCommand,
  explainCommand,
  planCommand,
  approveCommand,
  applyCommand,
  verifyCommand,
  ledgerCommand,
  conflictsCommand,
  rollbackCommand,
  exportCommand,
  statusCommand,
  runsCommand,
  initCommand,
  doctorCommand,
];
