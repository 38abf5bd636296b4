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
      .option('--to <dir>', 'folder of the files, made where it is not there; without it, `to:` of each export')
      .option('--check', 'write nothing: exit with 1 if a file does not say what its table says')
      .option('--force', 'keep other files of these names beside, as NAME.old, instead of refusing')
      .option('--timeout <seconds>', 'what one export may take; those of large stores get more', positive)
      .option('--config <file>', 'configuration instead of desprawl.yaml of the project'),
  run: async (context, names, common) => {
    const options = common as Options;
    const [{ openState }, { resolve }] = await Promise.all([import('../open-state.ts'), import('node:path')]);
    const { root, config } = await openState(context, options);
    const exports = chosen(config, names, options);
    const folders =
      options.to === undefined
        ? ownFolders(exports, (to) => resolve(root, to))
        : [{ to: resolve(context.cwd, options.to), below: '', exports }];
    const ground = {
      root,
      scratchDir: context.scratchDir,
      timeoutSeconds: options.timeout ?? config.audit.timeout,
      signal: context.signal,
    };
    const made: ExportDocument[] = [];
    for (const one of folders) {
      const request = { ...ground, exports: one.exports, to: one.to };
      made.push(below(one.below, await (options.check === true ? check(request) : write(request))));
    }
    // As the user named it: absolute paths tell of the machine.
    const document = inOne(made, options.to ?? '.');
    await print(context, document, options, names);
    return document.command === 'check' && !document.ok ? EXIT.no : EXIT.ok;

    type Request = typeof ground & Pick<ExportFolder, 'exports' | 'to'>;

    async function check(request: Request): Promise<ExportDocument> {
      const { checkExports } = await import('../../exports/verify-export.ts');
      return checkExports({ ...request, all: options.all === true });
    }

    async function write(request: Request): Promise<ExportDocument> {
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

interface ExportFolder {
  /** Absolute. */
  readonly to: string;
  /** What its files are called by, relative to the project. */
  readonly below: string;
  readonly exports: Config['exports'];
}

/** Each where the configuration keeps it. */
function ownFolders(exports: Config['exports'], resolved: (to: string) => string): readonly ExportFolder[] {
  const found = new Map<string, Record<string, Config['exports'][string]>>();
  const none: string[] = [];
  for (const [name, spec] of Object.entries(exports)) {
    if (spec.to === null) none.push(name);
    else found.set(spec.to, { ...found.get(spec.to), [name]: spec });
  }
  if (none.length > 0) {
    throw new DesprawlError('DSP-USAGE', '`export` needs a folder: `--to DIR`.', {
      hint: `Or say where it is kept, with \`to:\` in desprawl.yaml: ${none.join(', ')} ${none.length === 1 ? 'has' : 'have'} none.`,
    });
  }
  return [...found].map(([to, own]) => ({ to: resolved(to), below: to === '.' ? '' : `${to}/`, exports: own }));
}

function below(folder: string, document: ExportDocument): ExportDocument {
  const named = <F extends { readonly file: string; readonly kept?: string | null }>(one: F): F => ({
    ...one,
    file: `${folder}${one.file}`,
    ...(typeof one.kept === 'string' ? { kept: `${folder}${one.kept}` } : {}),
  });
  return document.command === 'export'
    ? { ...document, exports: document.exports.map(named) }
    : { ...document, exports: document.exports.map(named) };
}

/** All of one command. */
function inOne(documents: readonly ExportDocument[], to: string): ExportDocument {
  const written = documents.flatMap((one) => (one.command === 'export' ? one.exports : []));
  const checked = documents.flatMap((one) => (one.command === 'check' ? one.exports : []));
  if (documents.every(({ command }) => command === 'export'))
    return { version: 1, command: 'export', to, exports: written };
  const ok = documents.every((one) => one.command === 'check' && one.ok);
  return { version: 1, command: 'check', to, ok, exports: checked };
}

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
  await context.out.write(exportToTerminal(document, { ...page(context.out, options), names, to: options.to ?? null }));
}
