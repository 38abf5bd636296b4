/**
 * Values of a ledger that shall win after all, as a plan and the command line say them: `users.phone from app.db`, and of some rows alone
 * `users.phone from app.db rows 4, 17` (`rows "a@b.c", [1, "x"]` where keys are text or of several columns).
 */

/** A key as the ledger shows it: one value per column. */
export type RowKey = readonly (string | number)[];

export interface SettleWish {
  /** Of the target. */
  readonly table: string;
  readonly column: string;
  /** The store whose value wins: a source of the merge, or its target as it was before. */
  readonly from: string;
  /** `null`: all in which it lost. */
  readonly rows: readonly RowKey[] | null;
}

const WORDS = /^(?<table>.+)\.(?<column>.+?) from (?<from>.+?)(?: rows (?<rows>.+))?$/s;

/** `null`: it is not of this form. */
export function readWish(text: string): SettleWish | null {
  const found = WORDS.exec(text.trim())?.groups;
  if (found === undefined) return null;
  const { table = '', column = '', from = '', rows } = found;
  const keys = rows === undefined ? null : readKeys(rows);
  return keys === undefined ? null : { table, column, from, rows: keys };
}

export function writeWish({ table, column, from, rows }: SettleWish): string {
  const keys = rows?.map((key) => JSON.stringify(key.length === 1 ? key[0] : key)).join(', ');
  return `${table}.${column} from ${from}${keys === undefined ? '' : ` rows ${keys}`}`;
}

/** What the table of a staged file is called, in the ledger of the run as well; rows are not named in it. */
export const wishName = (wish: SettleWish): string => writeWish({ ...wish, rows: null });

/** `undefined`: no list of keys. */
function readKeys(text: string): readonly RowKey[] | undefined {
  let list: unknown;
  try {
    list = JSON.parse(`[${text}]`);
  } catch {
    return undefined;
  }
  const keys = (list as readonly unknown[]).map((one) => (Array.isArray(one) ? (one as readonly unknown[]) : [one]));
  const isCell = (cell: unknown): cell is string | number =>
    typeof cell === 'string' || (typeof cell === 'number' && Number.isSafeInteger(cell));
  return keys.length > 0 && keys.every((key) => key.length > 0 && key.every(isCell))
    ? (keys as readonly RowKey[])
    : undefined;
}
