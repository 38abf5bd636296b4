/** Every command, in the order in which they are used. */
import type { CliCommand } from '../command.ts';
import { approveCommand } from './approve.ts';
import { auditCommand } from './audit.ts';
import { diffCommand } from './diff.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { initCommand } from './init.ts';
import { planCommand } from './plan.ts';
import { whereCommand } from './where.ts';

export const commands: readonly CliCommand[] = [
  auditCommand,
  whereCommand,
  diffCommand,
  explainCommand,
  planCommand,
  approveCommand,
  initCommand,
  doctorCommand,
];
