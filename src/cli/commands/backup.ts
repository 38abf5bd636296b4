/** `desprawl backup …`: what is in the vault, for people. */
import type { Command } from 'commander';
import { DesprawlError } from '../../errors.ts';
import type { CliCommand } from '../command.ts';
import { createCommand } from './backup/create.ts';
import { listCommand } from './backup/list.ts';
import { pruneCommand } from './backup/prune.ts';
import { restoreCommand } from './backup/restore.ts';
import { verifyCommand } from './backup/verify.ts';

export const backupCommand: CliCommand = {
  name: 'backup',
  summary: 'take, list, verify, restore and prune backups of stores and files',
  define: (command: Command) => command.argument('[what]'),
  subcommands: [createCommand, listCommand, verifyCommand, restoreCommand, pruneCommand],
  run: async (_context, [what]) => {
    const names = 'create, list, verify, restore or prune';
    throw new DesprawlError(
      'DSP-USAGE',
      what === undefined ? `\`backup\` needs one of ${names}.` : `\`backup ${what}\` is no command: it is ${names}.`,
      { hint: 'Run `desprawl backup --help`.' },
    );
  },
};
