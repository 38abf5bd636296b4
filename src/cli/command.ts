/** What a command of the command line is; each file in `commands/` is one. */
import { type Command, InvalidArgumentError } from 'commander';
import type { CommonOptions, Context } from './context.ts';

export interface CliCommand {
  readonly name: string;
  readonly summary: string;
  /** It may change the project: whatever ends it, `desprawl status` is asked what became of that. */
  readonly changes?: boolean;
  /** Adds arguments and options. */
  define(command: Command): Command;
  /** Commands of their own below this one's name; `run` is for who names none of them. */
  readonly subcommands?: readonly CliCommand[];
  /** Imports what it needs when it runs: start-up waits for nothing else. */
  run(context: Context, args: readonly string[], options: CommonOptions): Promise<number>;
}

/** A number greater than zero, for `--timeout` and `--limit`. */
export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number greater than zero.');
  return value;
}

/** A number of zero or more, for `--wait`. */
export function atLeastZero(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError('It must be a number of zero or more.');
  }
  return value;
}
