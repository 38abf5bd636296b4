/**
 * The line of `exports:` that declares a file which is there, with the columns that it has: nothing comes out that was not out before. To be
 * shown, never written.
 */
import type { ExportMatch } from '../../audit/export-matches.ts';
import { flowScalar } from '../yaml-words.ts';

const NAME = /[^\w.-]+/g;

/** `null`: it is of no one table, or desprawl makes no such files. */
export function declarationFor(path: string, matches: readonly ExportMatch[]): string | null {
  const match = matches.find(({ files }) => files.includes(path));
  const [one, ...more] = match?.tables ?? [];
  if (match === undefined || one?.best === undefined || one.source === undefined || more.length > 0) return null;
  const { best, source, sourceTable, table } = one;
  const format = match.store.kind === 'csv' ? 'csv' : match.store.kind === 'jsonl' ? 'jsonl' : null;
  if (format === null || sourceTable === undefined || !/\.(?:csv|tsv|txt|jsonl|ndjson)$/i.test(path)) return null;
  const at = path.lastIndexOf('/');
  const file = path.slice(at + 1);
  const name = file.replace(/\.\w+$/, '').replace(NAME, '-') || 'export';
  const columns = table.columns.flatMap(({ name: own }) => best.columns.find(({ a }) => a === own)?.b ?? []);
  const own = sourceTable.columns.filter(({ generated }) => !generated).map((column) => column.name);
  const isWhole = columns.length === own.length && columns.every((column, i) => column === own[i]);
  const keys = [
    `store: ${flowScalar(source.path)}`,
    `table: ${flowScalar(sourceTable.name)}`,
    ...(isWhole ? [] : [`columns: [${columns.map(flowScalar).join(', ')}]`]),
    `format: ${format}`,
    ...(file === `${name}.${format}` ? [] : [`file: ${flowScalar(file)}`]),
    `to: ${flowScalar(at < 0 ? '.' : path.slice(0, at))}`,
  ];
  return `${flowScalar(name)}: { ${keys.join(', ')} }`;
}
