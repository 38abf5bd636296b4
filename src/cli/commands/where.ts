/** `desprawl where QUERY`: which line of code opens which store, and on what evidence. */
import type { Command } from 'commander';
import { DesprawlError, EXIT } from '../../errors.ts';
import { type CliCommand, positive } from '../command.ts';
import { type CommonOptions, page, projectRoot } from '../context.ts';

interface Options extends CommonOptions {
  readonly table?: string;
  readonly env?: string;
  readonly cache: boolean;
  readonly timeout?: number;
}

export const whereCommand: CliCommand = {
  name: 'where',
  summary: 'which store a line opens, which lines open a store, and why',
  define: (command: Command) =>
    command
      .argument('[query]', 'a source file, `file:line`, or a store')
      .option('--table <name>', 'every line that uses this table')
      .option('--env <name>', 'who sets and reads this variable, and what it decides')
      .option('--no-cache', 'read everything again, remember nothing')
      .option('--timeout <seconds>', 'what reading one store may take; large ones get more', positive),
  run: async (context, args, common) => {
    const options = common as Options;
    const [what] = args;
    if ([what, options.table, options.env].filter((one) => one !== undefined).length !== 1) {
      throw new DesprawlError('DSP-USAGE', 'Give one of: a file, file:line or store; --table NAME; --env NAME.');
    }
    const [{ lookAtProject }, { where }, { readConfig }] = await Promise.all([
      import('../../audit/audit.ts'),
      import('../../audit/where.ts'),
      import('../../config/read-config.ts'),
    ]);
    const root = projectRoot(context, options);
    const config = await readConfig(root, undefined, () => []);
    const { facts, keep } = await lookAtProject({
      root,
      config,
      exact: config.audit.exact,
      timeoutSeconds: options.timeout ?? config.audit.timeout,
      cacheDir: options.cache ? context.cacheDir : null,
      scratchDir: context.scratchDir,
      now: context.now(),
      signal: context.signal,
    });
    keep();
    const result = where(facts, {
      ...(what === undefined ? {} : { what }),
      ...(options.table === undefined ? {} : { table: options.table }),
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    if (options.json === true) {
      await context.out.write((await import('../../report/json.ts')).toJson(result));
    } else {
      const { whereToTerminal } = await import('../../report/where-terminal.ts');
      await context.out.write(whereToTerminal(result, page(context.out, options)));
    }
    return result.bindings.length + result.variables.length + result.mentions.length > 0 ? EXIT.ok : EXIT.no;
  },
};
