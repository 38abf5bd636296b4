/** `desprawl status`: does a run wait, which are in force, where the state lies. Changes nothing, makes nothing. */
import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import type { CliCommand } from '../command.ts';
import { page } from '../context.ts';
import { openState } from '../open-state.ts';

export const statusCommand: CliCommand = {
  name: 'status',
  summary: 'say whether a run waits, which runs are in force and where the state lies; changes nothing',
  define: (command: Command) => command,
  run: async (context, _args, options) => {
    const [{ statusDocument }, { statusToTerminal }, { toJson }] = await Promise.all([
      import('../../apply/status-document.ts'),
      import('../../report/status/status-terminal.ts'),
      import('../../report/json.ts'),
    ]);
    const { state, root } = await openState(context, options);
    const document = statusDocument(context.disk, state, root);
    const text = options.json === true ? toJson(document) : statusToTerminal(document, page(context.out, options));
    await context.out.write(text);
    return document.waiting === null ? EXIT.ok : EXIT.interruptedRun;
  },
};
