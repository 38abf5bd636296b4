/** What `ledger` and `conflicts` are asked with: which rows, and how much of them is shown. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LedgerAsked } from '../apply/read-ledger.ts';
import type { LedgerGround } from '../apply/which-ledger.ts';
import type { Presence } from '../merge/ledger/documents.ts';
import type { CommonOptions, Context } from './context.ts';
import { openState } from './open-state.ts';

export interface LedgerOptions extends CommonOptions {
  readonly action?: string;
  readonly table?: string;
  readonly store?: string;
  readonly presence?: Presence;
  readonly differs?: boolean;
  readonly limit?: number;
  readonly showValues?: boolean;
  readonly config?: string;
}

const ROWS = 50;
/** A list is for people; who wants all of it opens the ledger, which is a SQLite file. */
const MOST_ROWS = 10_000;

export function filterOptions(command: Command): Command {
  return command
    .option('--action <id>', 'only this merge of the run')
    .option('--table <name>', 'only this table, by its name in the target or in a source')
    .option('--store <path>', 'only rows of this source');
}

export function rowOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--limit <rows>', `rows that are listed, at most ${MOST_ROWS} (default: ${ROWS})`).argParser(rowLimit),
    )
    .option('--show-values', 'show keys and both values of what differed; without it only numbers that number rows')
    .option('--config <file>', 'configuration instead of desprawl.yaml of the project');
}

/** Rows are listed where anything is said of which. */
export function askedOf(run: string | undefined, options: LedgerOptions): LedgerAsked {
  const { action, table, store, presence, differs, limit, showValues } = options;
  const named = [action, table, store, presence, differs, limit, showValues].some((one) => one !== undefined);
  return {
    run: run ?? null,
    action: action ?? null,
    filter: {
      table: table ?? null,
      store: store ?? null,
      presence: presence ?? null,
      differs: differs === true,
    },
    rows: named ? { limit: limit ?? ROWS, showValues: showValues === true } : null,
  };
}

/** Makes nothing. */
export async function ledgerGround(context: Context, options: LedgerOptions): Promise<LedgerGround> {
  const { root, config, state } = await openState(context, options);
  const { disk, scratchDir, signal } = context;
  return { disk, root, state, config, scratchDir, signal };
}

function rowLimit(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > MOST_ROWS) {
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_ROWS}.`);
  }
  return value;
}
