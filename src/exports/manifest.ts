/** `manifest.json` of a folder of exports: what each file was made of. Without a moment, so that it changes only when an export does. */
import type { ExportColumn, ExportSpec, Kind, OrderBy } from './model.ts';

export const MANIFEST = 'manifest.json';

export interface Manifest {
  readonly desprawl: 'exports';
  readonly version: 1;
  /** By name, sorted. */
  readonly exports: Readonly<Record<string, ManifestEntry>>;
}

export interface ManifestEntry {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
  readonly store: string;
  readonly table?: string;
  readonly query?: string;
  readonly order: readonly (string | Readonly<Record<string, 'desc'>>)[];
  readonly columns: readonly (ExportColumn & { readonly holds: Readonly<Partial<Record<Kind, number>>> })[];
  readonly format: 'csv' | 'jsonl';
  readonly blobs: 'base64' | 'hex';
  readonly 'odd-text': 'refuse' | 'escape';
  readonly csv?: Readonly<Record<string, string | boolean>>;
  /** Options that change data. */
  readonly lossy: readonly string[];
}

export function entryOf(
  spec: ExportSpec,
  made: Pick<ManifestEntry, 'sha256' | 'bytes' | 'rows' | 'columns'>,
): ManifestEntry {
  const { file, store, from, order, form } = spec;
  const { sha256, bytes, rows, columns } = made;
  return {
    file,
    sha256,
    bytes,
    rows,
    store,
    ...from,
    order: order.map(({ column, descending }: OrderBy) => (descending ? { [column]: 'desc' as const } : column)),
    columns,
    format: form.format,
    blobs: form.blobs,
    'odd-text': form.oddText,
    ...(form.format === 'csv' ? { csv: { ...form.csv } } : {}),
    lossy: lossyOf(spec),
  };
}

export function lossyOf({ form }: ExportSpec): readonly string[] {
  return form.format === 'csv' && form.csv.formulas === 'guard' ? ['formulas'] : [];
}

export function manifestText(entries: Readonly<Record<string, ManifestEntry>>): string {
  const exports = Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
  const manifest: Manifest = { desprawl: 'exports', version: 1, exports };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** `null`: the file of another program, or of another version. */
export function parseManifest(text: string): Manifest | null {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return null;
  }
  const { desprawl, version, exports } = (content ?? {}) as Partial<Manifest>;
  if (desprawl !== 'exports' || version !== 1 || typeof exports !== 'object' || exports === null) return null;
  const whole = Object.values(exports).every((one) => typeof one?.file === 'string' && typeof one.sha256 === 'string');
  return whole ? (content as Manifest) : null;
}
