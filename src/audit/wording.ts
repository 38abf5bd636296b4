/** Words for counts, sizes and lists in findings; never sees a row value. */
import type { TableComparison } from './model.ts';

/** `1,234,567`, without what a locale's number formats cost to load. */
export function thousands(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+(?!\d))/g, ',');
}

/** `1 row`, `1,204 rows`, `2 copies`; `1 differs`, `2 differ`. */
export function count(n: number, one: string, many: string = `${one}s`): string {
  return `${thousands(n)} ${n === 1 ? one : many}`;
}

/** Numbers of a comparison that looked at a part of the rows are of that part: whoever says them says so. */
export function amongSampled(comparisons: readonly Pick<TableComparison, 'method'>[]): string {
  return comparisons.some(({ method }) => method === 'sample') ? ' among those sampled' : '';
}

/** Decimal units, as file managers and `df -H` count: `640 B`, `1.9 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `a, b and c`; past `most` names, `a, b and 3 more`. */
export function list(names: readonly string[], most = 4): string {
  const shown = names.length <= most ? names : [...names.slice(0, most - 1), `${names.length - most + 1} more`];
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

/** The day of an ISO moment. */
export function day(at: string): string {
  return at.slice(0, 10);
}
