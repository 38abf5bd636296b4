/**
 * Required references of a table for which a text file has no key, but a column with names of the rows (`meter` holds names of meters). Where most
 * names are there, their keys are proposed (trap X1); where they are not, people are told what is missing.
 */
import { plainName } from '../../rows/match-columns.ts';
import { namesOf, namesTable } from '../../rows/references.ts';
import { overlap, SKETCH_SIZE } from '../../rows/sketch.ts';
import type { Column, Table } from '../../stores/model.ts';
import { writeLookup } from '../lookup-words.ts';
import type { MergeTable } from '../settings.ts';
import { type Aligned, align, requiredColumns } from './align.ts';
import { sameName } from './divide.ts';

/** Most values of the file must be names of rows; those that are none keep their rows out. */
const NAMED = 0.5;
/** Values of a column that is named after a table and has no constraint: nearly all must be in its key. */
const CONTAINED = 0.9;

interface NeededReference {
  readonly column: string;
  readonly parent: Table;
  readonly key: string;
}

/** Column of the file → of the table, as a plan says it. Only where one column of the file names rows, by one column of theirs. */
export function lookedUp(base: Table, file: Table, tables: readonly Table[]): MergeTable['columns'] {
  const aligned = align(base, file, true);
  return Object.fromEntries(
    needed(base, aligned, tables).flatMap(({ column, parent, key }): [string, string][] => {
      const found = aligned.onlySource.flatMap((own) =>
        namingColumns(parent, key)
          .filter((by) => share(file, own, parent, by) >= NAMED)
          .map((by): [string, string] => [own.name, writeLookup({ column, table: parent.name, by: by.name })]),
      );
      return found.length === 1 ? found : [];
    }),
  );
}

export interface UnknownNames {
  /** Of the file. */
  readonly from: string;
  readonly table: string;
  readonly by: string;
  /** None of its values is there; else most are not. */
  readonly none: boolean;
}

/** Columns of the file that are called like the reference or its table, and whose values hardly are names of its rows. */
export function unknownNames(base: Table, file: Table, tables: readonly Table[]): readonly UnknownNames[] {
  const aligned = align(base, file, true, lookedUp(base, file, tables));
  return needed(base, aligned, tables).flatMap(({ column, parent, key }): readonly UnknownNames[] => {
    const called = aligned.onlySource.filter(({ name }) => isCalledLike(name, column, parent.name));
    const by = namingColumns(parent, key);
    const [own, name] = [called[0], by.find((one) => plainName(one.name) === 'name') ?? by[0]];
    if (own === undefined || name === undefined || called.length > 1) return [];
    const isWhole = [sketchOf(file, own), sketchOf(parent, name)].every((one) => (one ?? []).length < SKETCH_SIZE);
    const none = isWhole && share(file, own, parent, name) === 0;
    return [{ from: own.name, table: parent.name, by: name.name, none }];
  });
}

/** Whether a column refers to a table of these, as far as names tell and constraints say. */
export function isReference(base: Table, column: string, tables: readonly Table[]): boolean {
  const isDeclared = base.foreignKeys.some(({ columns }) => columns.some((one) => sameName(one, column)));
  return isDeclared || tables.some(({ name, kind }) => kind === 'table' && namesTable(column, name));
}

/** References of one column that the table requires and nothing of the file comes into. */
function needed(base: Table, aligned: Aligned, tables: readonly Table[]): readonly NeededReference[] {
  return requiredColumns(base, aligned).flatMap(({ name }): readonly NeededReference[] => {
    const declared = base.foreignKeys.find(({ columns }) => columns.some((one) => sameName(one, name)));
    if (declared !== undefined) {
      const parent = tables.find((one) => one.kind === 'table' && sameName(one.name, declared.table));
      const key = declared.parentColumns[0] ?? (parent?.primaryKey.length === 1 ? parent.primaryKey[0] : undefined);
      const isOne = declared.columns.length === 1 && parent !== undefined && key !== undefined;
      return isOne ? [{ column: name, parent, key }] : [];
    }
    const found = tables.filter((one) => {
      const [key, ...more] = one.primaryKey;
      const isMeant = one.kind === 'table' && !sameName(one.name, base.name) && namesTable(name, one.name);
      return isMeant && key !== undefined && more.length === 0 && contained(base, name, one, key) >= CONTAINED;
    });
    const [parent] = found;
    const key = parent?.primaryKey[0];
    return parent === undefined || key === undefined || found.length > 1 ? [] : [{ column: name, parent, key }];
  });
}

function namingColumns(parent: Table, key: string): readonly Column[] {
  return parent.columns.filter((by) => !sameName(by.name, key) && tellsApart(by, parent));
}

function tellsApart({ name, profile }: Column, { unique }: Table): boolean {
  const isDeclared = unique.some((columns) => columns.length === 1 && sameName(columns[0] ?? '', name));
  return (
    isDeclared ||
    (profile !== undefined && profile.distinct >= 0.99 && !/^(?:integer|real|boolean|empty|mixed)/.test(profile.shape))
  );
}

/** `meter`, `meters` and `meter_name` beside `meter_id`. */
function isCalledLike(name: string, reference: string, table: string): boolean {
  const words = [plainName(reference).replace(/id$/, ''), ...namesOf(table).map(plainName)];
  return words.some((word) => plainName(name) === word || plainName(name) === `${word}name`);
}

function sketchOf({ sketch }: Table, { name }: Pick<Column, 'name'>): readonly number[] | undefined {
  return sketch?.columns[name];
}

/** Of the values of the file, those that are in the column of the table; 0 where nothing is known of them. */
function share(file: Table, own: Pick<Column, 'name'>, parent: Table, by: Pick<Column, 'name'>): number {
  const [mine, theirs] = [sketchOf(file, own), sketchOf(parent, by)];
  return mine === undefined || theirs === undefined ? 0 : overlap(mine, theirs).aInB;
}

function contained(base: Table, column: string, parent: Table, key: string): number {
  return share(base, { name: column }, parent, { name: key });
}
