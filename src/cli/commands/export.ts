/** `desprawl export`: what `exports:` declares as files, or whether they still say what their tables say. */
import type { Command } from 'commander';
import type { Config } from '../../config/config.ts';
import { DesprawlError, EXIT } from '../../errors.ts';
import type { ExportDocument } from '../../exports/model.ts';
import { type CliCommand, positive } from '../command.ts';
import { type CommonOptions, type Context, page } from '../context.ts';
import { progressLine } from '../progress.ts';

interface Options extends CommonOptions {
  readonly all?: boolean;
  readonly to?: string;
  readonly check?: boolean;
  readonly force?: boolean;
  readonly timeout?: number;
  readonly config?: string;
}

export const exportCommand: CliCommand = {
  name: 'export',
  summary: 'write declared exports of tables as CSV or JSONL, or check that they are true',
  define: (command: Command) =>
    command
      .argument('[names...]', 'exports, as `exports:` in desprawl.yaml calls them')
      .option('--all', 'all that are declared')
      .option('--to <dir>', 'folder of the files; made where it is not there')
      .option('--check', 'write nothing: exit with 1 if a file does not say what its table says')
      .option('--force', 'keep other files of these names beside, as NAME.old, instead of refusing')
      .option('--timeout <seconds>', 'what one export may take; those of large stores get more', positive)
      .option('--config <file>', 'configuration instead of desprawl.yaml of the project'),
  run: async (context, names, common) => {
    const options = common as Options;
    const [{ openState }, { resolve }] = await Promise.all([import('../open-state.ts'), import('node:path')]);
    const { root, config } = await openState(context, options);
    const exports = chosen(config, names, options);
    if (options.to === undefined) {
      throw new DesprawlError('DSP-USAGE', '`export` needs a folder: `--to DIR`.');
    }
    const request = {
      root,
      scratchDir: context.scratchDir,
      timeoutSeconds: options.timeout ?? config.audit.timeout,
      signal: context.signal,
      exports,
      to: resolve(context.cwd, options.to),
    };
    // As the user named it: absolute paths tell of the machine.
    const document = { ...(options.check === true ? await check() : await write()), to: options.to };
    await print(context, document, options, names);
    return document.command === 'check' && !document.ok ? EXIT.no : EXIT.ok;

    async function check(): Promise<ExportDocument> {
      const { checkExports } = await import('../../exports/verify-export.ts');
      return checkExports({ ...request, all: options.all === true });
    }

    async function write(): Promise<ExportDocument> {
      const { exportStores } = await import('../../exports/export.ts');
      const progress = progressLine(context, options);
      return exportStores({
        ...request,
        disk: context.disk,
        force: options.force === true,
        onProgress: (one) => progress.report({ phase: 'read', ...one }),
      }).finally(progress.done);
    }
  },
};

function chosen({ exports }: Config, names: readonly string[], options: Options): Config['exports'] {
  const declared = Object.keys(exports);
  const list = declared.length === 0 ? 'None are declared.' : `Declared: ${declared.join(', ')}.`;
  if (names.length === 0 && options.all !== true) {
    throw new DesprawlError('DSP-USAGE', '`export` needs names of exports, or `--all`.', { hint: list });
  }
  if (names.length > 0 && options.all === true) {
    throw new DesprawlError('DSP-USAGE', '`export` takes names or `--all`, not both.');
  }
  if (declared.length === 0) throw new DesprawlError('DSP-EXPORT-UNKNOWN', 'No exports are declared.');
  const unknown = names.find((name) => !Object.hasOwn(exports, name));
  if (unknown !== undefined) {
    throw new DesprawlError('DSP-EXPORT-UNKNOWN', `There is no export ${unknown}.`, { hint: list });
  }
  return options.all === true
    ? exports
    : Object.fromEntries(Object.entries(exports).filter(([name]) => names.includes(name)));
}

async function print(
  context: Context,
  document: ExportDocument,
  options: Options,
  names: readonly string[],
): Promise<void> {
  if (options.json === true) {
    await context.out.write((await import('../../report/json.ts')).toJson(document));
    return;
  }
  const { exportToTerminal } = await import('../../report/export-terminal.ts');
  await context.out.write(exportToTerminal(document, { ...page(context.out, options), names }));
}
