/** Reads the command line, runs one command, turns what went wrong into words and an exit code. */
import { Command, CommanderError, Option } from 'commander';
import { DesprawlError, EXIT } from '../errors.ts';
import { toJson } from '../report/json.ts';
import { VERSION } from '../version.ts';
import type { CliCommand } from './command.ts';
import { commands } from './commands/index.ts';
import { type CommonOptions, type Context, page } from './context.ts';

/** Runs one command line; resolves to the exit code and never rejects. */
export async function main(argv: readonly string[], context: Context): Promise<number> {
  let exit: number = EXIT.ok;
  let changes = false;
  const program = buildProgram(context, async (command, args, options) => {
    changes = command.changes === true;
    exit = await command.run(context, args, options);
  });
  try {
    if (context.platform === 'win32') {
      throw new DesprawlError('DSP-PLATFORM', 'desprawl runs on Linux and macOS, not on Windows.');
    }
    await program.parseAsync(argv, { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    if (error instanceof CommanderError && error.code === 'commander.help') {
      await context.out.write(program.helpInformation());
      return EXIT.ok;
    }
    return report(error, argv, context, changes);
  }
}

export type RunCommand = (command: CliCommand, args: readonly string[], options: CommonOptions) => Promise<void>;

/** The command line as data; `scripts/docs.mjs` prints it as documentation. */
export function buildProgram(context: Pick<Context, 'out'>, run: RunCommand): Command {
  const program = common(new Command('desprawl'), false)
    .description('Brings a project with many stores to one source of truth. Looking changes nothing.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false);
  settle(program, context);
  for (const one of commands) add(program, one, context, run);
  return program;
}

function add(parent: Command, one: CliCommand, context: Pick<Context, 'out'>, run: RunCommand): void {
  const sentence = `${one.summary.charAt(0).toUpperCase()}${one.summary.slice(1)}.`;
  const command = common(one.define(parent.command(one.name).summary(one.summary).description(sentence)), true);
  command.helpCommand(false);
  settle(command, context);
  command.action(async () => {
    await run(one, command.args, given(command));
  });
  for (const below of one.subcommands ?? []) add(command, below, context, run);
}

/** Options that stand before or after the command's name; `again`: defined a second time, shown in the help once. */
function common(command: Command, again: boolean): Command {
  const options = [
    new Option('-C <dir>', 'folder of the project (default: the current folder)'),
    new Option('--json', 'print one JSON document'),
    new Option('--no-color', 'print without colour'),
    new Option('--progress <how>', 'progress on stderr').choices(['auto', 'plain', 'ndjson', 'none']).default('auto'),
  ];
  for (const option of options) command.addOption(option.hideHelp(again));
  return command;
}

function settle(command: Command, { out }: Pick<Context, 'out'>): void {
  command.configureHelp({ showGlobalOptions: true });
  command.exitOverride().configureOutput({
    writeOut: (text) => void out.write(text),
    // What went wrong is said once, by `report`.
    writeErr: () => {},
    getOutHelpWidth: () => out.width,
    getOutHasColors: () => false,
  });
}

/** Values given on the command line win over defaults, whichever side of the command's name they stand on. */
function given(command: Command): CommonOptions {
  const chain: Command[] = [];
  for (let one: Command | null = command; one !== null; one = one.parent) chain.unshift(one);
  const defaults = Object.assign({}, ...chain.map((one) => one.opts()));
  const explicit = chain.flatMap((one) =>
    Object.entries(one.opts()).filter(([key]) => one.getOptionValueSource(key) === 'cli'),
  );
  return { ...defaults, ...Object.fromEntries(explicit) };
}

async function report(error: unknown, argv: readonly string[], context: Context, changes: boolean): Promise<number> {
  const expected = toExpected(error, context, changes);
  const end = argv.indexOf('--');
  const options = end < 0 ? argv : argv.slice(0, end);
  if (expected === undefined) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const after = changes
      ? '`desprawl status` says whether a run waits, and how it goes on or back.'
      : 'Nothing of the project was changed.';
    const more = process.env.DESPRAWL_DEBUG ? `${stack}\n  ${after}` : `DESPRAWL_DEBUG=1 shows where. ${after}`;
    if (options.includes('--json')) {
      const document = { code: 'BUG', message: `This is a bug in desprawl: ${message}`, hint: more };
      await context.out.write(toJson({ version: 1, error: document }));
    } else {
      await context.err.write(`This is a bug in desprawl: ${message}\n  ${more}\n`);
    }
    return EXIT.couldNotRun;
  }
  if (options.includes('--json')) {
    const { code, message, hint } = expected;
    await context.out.write(toJson({ version: 1, error: { code, message, hint } }));
  } else {
    // Only what goes wrong waits for what lays out text.
    const { errorText } = await import('../report/error-text.ts');
    await context.err.write(errorText(expected, page(context.err, { color: !options.includes('--no-color') })));
  }
  return expected.exitCode;
}

function toExpected(error: unknown, context: Context, changes: boolean): DesprawlError | undefined {
  if (error instanceof CommanderError) {
    const message = error.message
      .replace(/^error: /, '')
      .replace(/\s*\n\s*/g, ' ')
      .replace(/[.)]?$/, (end) => (end === ')' ? ')' : '.'));
    return new DesprawlError('DSP-USAGE', message.charAt(0).toUpperCase() + message.slice(1));
  }
  // Who noticed it knows how far it came.
  if (error instanceof DesprawlError && error.code === 'DSP-CANCELLED') return error;
  if (context.signal.aborted) return new DesprawlError('DSP-CANCELLED', 'Interrupted.');
  if (error instanceof DesprawlError) return error;
  // Outside of a run's steps, where nobody else noticed it: the state, the vault.
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || !DISK_FAILS.has(code)) return undefined;
  // A command that only looks writes to its state and cache alone: there, what it may not read is one of its own mistakes.
  if (!changes && (code === 'EACCES' || code === 'EPERM' || code === 'EIO')) return undefined;
  return new DesprawlError('DSP-WRITE-FAILED', `${message}.`, { cause: error });
}

/** Full, broken, read-only, not allowed: a disk's failure is no bug. */
const DISK_FAILS: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EPERM']);
