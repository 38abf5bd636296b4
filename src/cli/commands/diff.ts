/** `desprawl diff A B`: what two stores have in common, row by row. */
import type { Command } from 'commander';
import { DesprawlError, EXIT } from '../../errors.ts';
import { type CliCommand, positive } from '../command.ts';
import { type CommonOptions, page, projectRoot } from '../context.ts';

interface Options extends CommonOptions {
  readonly table?: string;
  readonly showValues?: boolean;
  readonly limit: number;
  readonly ancestors: boolean;
  readonly timeout: number;
}

export const diffCommand: CliCommand = {
  name: 'diff',
  summary: 'compare two stores row by row, also a CSV or JSON file with a table',
  define: (command: Command) =>
    command
      .argument('<a>', 'a store: a path in the project, or an absolute one')
      .argument('<b>', 'another store, of any kind')
      .option('--table <name>', 'only this table')
      .option('--show-values', 'show contents of rows; without it only counts and columns')
      .option('--limit <rows>', 'rows per list with --show-values', positive, 20)
      .option('--no-ancestors', 'do not look for an earlier common state')
      .option('--timeout <seconds>', 'what one step may take; large stores get more', positive, 120),
  run: async (context, args, common) => {
    const options = common as Options;
    const [a = '', b = ''] = args;
    const { diff } = await import('../../audit/diff.ts');
    const result = await diff({
      root: existingRoot(projectRoot(context, options), await import('node:fs')),
      scratchDir: context.scratchDir,
      timeoutSeconds: options.timeout,
      signal: context.signal,
      a,
      b,
      ...(options.table === undefined ? {} : { table: options.table }),
      showValues: options.showValues === true,
      limit: options.limit,
      ancestors: options.ancestors,
    });
    if (options.json === true) {
      await context.out.write((await import('../../report/json.ts')).toJson(result));
    } else {
      const { diffToTerminal } = await import('../../report/diff-terminal.ts');
      await context.out.write(diffToTerminal(result, { ...page(context.out, options), table: options.table }));
    }
    const equal = result.tables.length > 0 && result.tables.every(({ relation }) => relation === 'identical');
    return equal && result.notCompared.length === 0 ? EXIT.ok : EXIT.no;
  },
};

function existingRoot(root: string, { statSync }: typeof import('node:fs')): string {
  if (statSync(root, { throwIfNoEntry: false }) === undefined) {
    throw new DesprawlError('DSP-PROJECT-MISSING', `There is no folder ${root}.`);
  }
  return root;
}
