/** Exports as they are written in the file, with everything filled in that was left out. */
import type { CsvForm, ExportSpec, OrderBy } from '../exports/model.ts';
import type { ExportInFile } from './schema.ts';

export function exportsOf(exports: Readonly<Record<string, ExportInFile>>): Readonly<Record<string, ExportSpec>> {
  return Object.fromEntries(Object.entries(exports).map(([name, one]) => [name, exportOf(name, one)]));
}

function exportOf(name: string, one: ExportInFile): ExportSpec {
  const { csv = {}, format } = one;
  return {
    store: one.store,
    from: one.query === undefined ? { table: one.table } : { query: one.query },
    columns: one.columns ?? null,
    order: (one.order ?? []).map(orderOf),
    file: one.file ?? `${name}.${format}`,
    to: one.to ?? null,
    form: {
      format,
      blobs: one.blobs ?? 'base64',
      oddText: one['odd-text'] ?? 'refuse',
      csv: {
        delimiter: delimiterOf(csv.delimiter ?? ','),
        bom: csv.bom ?? false,
        eol: csv.eol ?? 'lf',
        nulls: csv.nulls ?? '',
        formulas: csv.formulas ?? 'as-is',
      },
    },
  };
}

function orderOf(order: string | Readonly<Record<string, 'asc' | 'desc'>>): OrderBy {
  if (typeof order === 'string') return { column: order, descending: false };
  const [column = '', direction] = Object.entries(order)[0] ?? [];
  return { column, descending: direction === 'desc' };
}

function delimiterOf(delimiter: CsvForm['delimiter'] | 'tab'): CsvForm['delimiter'] {
  return delimiter === 'tab' ? '\t' : delimiter;
}

/** The first two exports that would be one file: also for a disk that ignores case. */
export function sameFile(exports: Readonly<Record<string, ExportSpec>>): readonly [string, string] | null {
  const names = new Map<string, string>();
  for (const [name, { file }] of Object.entries(exports)) {
    const other = names.get(file.toLowerCase());
    if (other !== undefined) return [other, name];
    names.set(file.toLowerCase(), name);
  }
  return null;
}
