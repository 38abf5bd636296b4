/** Pieces of SQL that all of this is made of: exact comparison, and rows found by their address. */
import { quoteName } from '../../stores/sqlite/quote.ts';

/** `[a."x", a."y"]` */
export function of(alias: string, columns: readonly string[]): readonly string[] {
  return columns.map((column) => `${alias}.${quoteName(column)}`);
}

/** `["m0", "m1"]` */
export function numbered(letter: string, count: number, alias?: string): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${alias === undefined ? '' : `${alias}.`}${letter}${i}`);
}

/** All equal; keys are never NULL. Those of the first list say how text is compared. */
export function joined(x: readonly string[], y: readonly string[]): string {
  return x.map((one, i) => `${one} = ${y[i]}`).join(' AND ');
}

/** In any column another value, another type, another case: whatever the column calls equal. As row values, since a long OR is too deep. */
export function differ(x: readonly string[], y: readonly string[]): string {
  if (x.length === 0) return '0';
  const types = (names: readonly string[]): string => row(names.map((one) => `typeof(${one})`));
  return `(${row(x.map((one) => `${one} COLLATE BINARY`))} IS NOT ${row(y)} OR ${types(x)} IS NOT ${types(y)})`;
}

export function list(...parts: readonly (string | readonly string[])[]): string {
  return parts.flat().join(', ');
}

function row(parts: readonly string[]): string {
  return `(${parts.join(', ')})`;
}
