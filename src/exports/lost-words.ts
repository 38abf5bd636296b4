/** What a file has that its successor would not have, in words: for a question, its evidence and the lock. Names and counts, no values. */
import { count, list } from '../audit/wording.ts';
import type { Lost, LostColumn } from './model.ts';

/** As a lock has them: `rows`, `note column`. Empty: nothing would be lost. */
export function lostKinds(lost: Lost): readonly string[] {
  return [...(lost.rows > 0 ? ['rows'] : []), ...lost.columns.map(({ name, is }) => `${name} ${is}`)].sort();
}

/** More than values that are others by now, which is what stale means: somebody has to say that it may go. */
export function isPoorer({ rows, columns }: Lost): boolean {
  return rows > 0 || columns.some(({ is }) => is !== 'changed');
}

/** `rows, the column note and other values in name`: without counts, so that an answer holds while they grow. */
export function lostInShort({ rows, columns }: Lost): string {
  const named = (is: LostColumn['is']): readonly string[] =>
    columns.flatMap((one) => (one.is === is ? [one.name] : []));
  const part = (is: LostColumn['is'], words: (names: string, several: boolean) => string): readonly string[] => {
    const names = named(is);
    return names.length === 0 ? [] : [words(list([...names]), names.length > 1)];
  };
  return list([
    ...(rows > 0 ? ['rows'] : []),
    ...part('column', (names, several) => `the ${several ? 'columns' : 'column'} ${names}`),
    ...part('values', (names) => `values in ${names}`),
    ...part('one value', (names) => `more than one value in ${names}`),
    ...part('changed', (names) => `other values in ${names}`),
  ]);
}

export function lostEvidence({ rowsInFile, rowsInExport, by, rows, columns }: Lost): readonly string[] {
  const how = by === null ? 'row by row, as a whole' : `by ${by.join(' and ')}`;
  return [
    `${count(rowsInFile, 'row')} in the file, ${rowsInExport.toLocaleString('en-US')} in the export, compared ${how}`,
    ...(rows === 0 ? [] : [`${count(rows, 'row')} of the file ${rows === 1 ? 'is' : 'are'} not in the export`]),
    ...columns.map((one) => `${one.name}: ${ofColumn(one)}`),
  ];
}

function ofColumn({ is, count: found }: LostColumn): string {
  switch (is) {
    case 'column':
      return `${count(found, 'value')} in the file; the export has no such column`;
    case 'values':
      return `${count(found, 'value')} of the file where the export has none`;
    case 'one value':
      return `${count(found, 'different value')} in the file, one and the same throughout in the export`;
    case 'changed':
      return `${count(found, 'value')} ${found === 1 ? 'is another one' : 'are others'} in the export`;
  }
}
