/** Every command, in the order in which they are used. */
import type { CliCommand } from '../command.ts';
import { auditCommand } from './audit.ts';
import { diffCommand } from './diff.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { initCommand } from './init.ts';
import { whereCommand } from './where.ts';

export const commands: readonly CliCommand[] = [
  auditCommand,
  whereCommand,
  diffCommand,
  explainCommand,
  initCommand,
  doctorCommand,
];
