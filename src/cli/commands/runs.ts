/** `desprawl runs`: every run, newest first, what it did and what goes back with it. Changes nothing. */
import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import type { CliCommand } from '../command.ts';
import { page } from '../context.ts';
import { openState } from '../open-state.ts';

export const runsCommand: CliCommand = {
  name: 'runs',
  summary: 'list every run with its status; changes nothing',
  define: (command: Command) => command,
  run: async (context, _args, options) => {
    const [{ statusDocument }, { runsToTerminal }, { toJson }] = await Promise.all([
      import('../../apply/status-document.ts'),
      import('../../report/status/status-terminal.ts'),
      import('../../report/json.ts'),
    ]);
    const { state, root } = await openState(context, options);
    const document = statusDocument(context.disk, state, root);
    await context.out.write(
      options.json === true ? toJson(document) : runsToTerminal(document, page(context.out, options)),
    );
    return EXIT.ok;
  },
};
