/**
 * What makes two rows one entity, per table of the target: constraints, natural keys that were found in the data, whole rows. A number that a
 * database gave is identity only where the rows that share it agreed (traps R1, R2). Whole because each way to an identity is weighed against the others.
 */

import type { KeyEvidence, TableComparison } from '../../audit/model.ts';
import { list } from '../../audit/wording.ts';
import type { Table } from '../../stores/model.ts';
import type { MergeTable } from '../settings.ts';
import { type BorrowedMail, borrowedMail } from './borrowed-mail.ts';
import { type Incoming, sameName } from './divide.ts';
import type { MergeFacts } from './model.ts';

export interface FoundIdentity {
  readonly identity: MergeTable['identity'];
  readonly why: string;
  /** What would have been it, and is of somebody else than the row. */
  readonly borrowed?: BorrowedMail;
}

interface Candidate {
  readonly columns: readonly string[];
  readonly kind: KeyEvidence['kind'];
  readonly surrogate: boolean;
  readonly why: string;
}

/** `base`: the table of the target, or of the source that makes it. `names`: column of a source's table → of the base, per incoming table. */
export function identityOf(
  base: Table,
  incoming: readonly Incoming[],
  names: (one: Incoming) => ReadonlyMap<string, string>,
  facts: MergeFacts,
): FoundIdentity {
  const found = incoming.flatMap((one) => (one.compared === null ? [] : chosenIn(one.compared, names(one), facts)));
  const distinct = [...new Map(found.map((one) => [keyOf(one.columns), one])).values()];
  const everywhere = (columns: readonly string[]): boolean =>
    incoming.every((one) => {
      const has = new Set(names(one).values());
      return (one.table.rows ?? 0) === 0 || columns.every((name) => has.has(name));
    });
  const tellsApart = ({ columns, kind }: Candidate): boolean =>
    kind !== 'natural' ||
    columns.every(
      (column) =>
        isDistinct(base, column) &&
        incoming.every((one) =>
          [...names(one)].every(([from, to]) => !sameName(to, column) || isDistinct(one.table, from)),
        ),
    );
  const fit = distinct.filter((one) => one.kind !== 'row' && everywhere(one.columns) && tellsApart(one));
  const tables = [
    { store: facts.stores.find((one) => one.tables.includes(base)), table: base },
    ...incoming.map(({ store, table }) => ({ store, table })),
  ];
  const mails = fit.flatMap(({ kind, columns: [column = '', ...more] }) =>
    kind === 'natural' && more.length === 0 ? (borrowedMail(column, tables) ?? []) : [],
  );
  const [mail] = mails;
  const usable = fit.filter(({ columns }) => !mails.some((one) => sameName(one.column, columns[0] ?? '')));
  if (mail !== undefined && usable.length === 0) {
    const number = incoming.flatMap((one) =>
      one.compared === null ? [] : agreeingIn(one.compared, names(one), facts),
    )[0];
    const other =
      number !== undefined && everywhere(number.columns) ? asIdentity(number) : byDeclared(base, everywhere);
    return { ...other, borrowed: mail };
  }
  const [only] = usable;
  if (only !== undefined && usable.length === 1 && found.every(({ kind }) => kind !== 'row')) return asIdentity(only);
  const best = [...usable].filter(({ surrogate }) => !surrogate).sort((x, y) => rank(x) - rank(y))[0];
  if (best !== undefined) return asIdentity(best);
  return byDeclared(base, everywhere);
}

/** Nothing was in common so far: what the tables themselves call unique, if it is more than a number. */
function byDeclared(base: Table, everywhere: (columns: readonly string[]) => boolean): FoundIdentity {
  const declared = [base.primaryKey, ...base.unique].find(
    (columns) => columns.length > 0 && !isNumbering(base, columns) && everywhere(columns),
  );
  if (declared !== undefined) return { identity: declared, why: `${list(declared)} is declared unique` };
  return { identity: 'row', why: 'nothing tells its rows apart: whole rows, each as often as it is there' };
}

/** Whether some rows that share it were found to be other things, in any two of the stores: it says who a row is only where rows agree. */
export function hasStrangers(identity: MergeTable['identity'], among: readonly TableComparison[]): boolean {
  if (!Array.isArray(identity)) return false;
  return among.some(({ keys, columns: pairs }) => {
    const isOf = (name: string, meant: string): boolean =>
      sameName(name, meant) ||
      pairs.some(({ a, b }) => (a === name && sameName(b, meant)) || (b === name && sameName(a, meant)));
    return keys.some(
      ({ columns, matched, agreeing }) =>
        matched > agreeing &&
        columns.length === identity.length &&
        columns.every((name) => identity.some((meant) => isOf(name, meant))),
    );
  });
}

/** Up to here the values of a column are counted exactly, beyond it with an error below this. */
const COUNTED = 32_768;
const COUNT_ERROR = 0.03;

/** No two of its rows have one value there. What was found to tell rows apart in two stores need not do so in a third one. */
function isDistinct({ columns, rows }: Table, name: string): boolean {
  const profile = columns.find((one) => sameName(one.name, name))?.profile;
  if (profile === undefined || profile.shape === 'empty' || (rows ?? 0) < 2) return true;
  const isExact = (rows ?? 0) * (1 - profile.nulls) <= COUNTED;
  return profile.distinct >= (isExact ? 1 : 1 - COUNT_ERROR);
}

const rank = ({ kind }: Candidate): number => ['unique', 'primary-key', 'natural', 'row'].indexOf(kind);
const keyOf = (columns: readonly string[]): string =>
  columns
    .map((name) => name.toLowerCase())
    .sort()
    .join('\n');

function asIdentity({ columns, why }: Candidate): FoundIdentity {
  return { identity: columns, why };
}

/** The key under which the rows of both sides were recognised, in the words of the base; none where none was. */
function chosenIn(
  compared: TableComparison,
  names: ReadonlyMap<string, string>,
  { relations }: MergeFacts,
): Candidate[] {
  const key = compared.keys.find(({ chosen }) => chosen);
  if (key === undefined || (key.matched === 0 && key.kind !== 'row')) {
    return key === undefined || key.surrogate || key.kind === 'row' ? [] : candidate(key, compared, names, relations);
  }
  if (key.kind === 'row') return [{ columns: [], kind: 'row', surrogate: false, why: key.why }];
  if (key.surrogate && key.agreeing === 0) return [];
  return candidate(key, compared, names, relations);
}

/** A number by which some rows were found to be one. */
function agreeingIn(
  compared: TableComparison,
  names: ReadonlyMap<string, string>,
  { relations }: MergeFacts,
): Candidate[] {
  const key = compared.keys.find(({ surrogate, agreeing }) => surrogate && agreeing > 0);
  return key === undefined ? [] : candidate(key, compared, names, relations);
}

function candidate(
  key: KeyEvidence,
  { a, b, columns: pairs }: TableComparison,
  names: ReadonlyMap<string, string>,
  relations: MergeFacts['relations'],
): Candidate[] {
  // Keys keep the names of the side that stood first when they were compared.
  const isTurned = relations.some((one) => one.a === b.store && one.b === a.store);
  const mine = key.columns.map((name) =>
    isTurned ? (names.get(name) ?? pairs.find((pair) => pair.b === name)?.a) : name,
  );
  const columns = mine.filter((name) => name !== undefined);
  if (columns.length !== key.columns.length || columns.length === 0) return [];
  const how = { 'primary-key': 'is the key', unique: 'is declared unique', natural: 'tells rows apart in the data' };
  const verb = key.kind === 'row' ? '' : how[key.kind];
  const why = `${list(columns)} ${verb}: ${key.matched} of the rows meet by it`;
  return [{ columns, kind: key.kind, surrogate: key.surrogate, why }];
}

/** A single integer key: it numbers rows and says nothing of them. */
export function isNumbering(table: Table, columns: readonly string[]): boolean {
  const [name] = columns;
  const column = table.columns.find((one) => name !== undefined && sameName(one.name, name));
  return columns.length === 1 && column !== undefined && /INT/i.test(column.type);
}

/** The column whose numbers may change: the single integer key, where it is not what rows are recognised by, or not it alone. */
export function surrogateOf(
  table: Table,
  { identity, agreeing }: Pick<MergeTable, 'identity' | 'agreeing'>,
): string | null {
  const [key] = table.primaryKey;
  if (key === undefined || !isNumbering(table, table.primaryKey)) return null;
  const isIdentity = Array.isArray(identity) && identity.some((name) => sameName(name, key));
  return isIdentity && !agreeing ? null : key;
}
