/** Does a file say what its table says? Read back with the readers of the audit and compared value by value; nothing is written. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unreadableIsError } from '../audit/read-named-store.ts';
import { byStore, refusedError } from './export.ts';
import { MANIFEST, parseManifest } from './manifest.ts';
import type { CheckedFile, Compared, ExportDocument, ExportSpec, Refused } from './model.ts';
import { type ExportGround, type OpenedSnapshot, openSnapshots, type Snapshots } from './snapshots.ts';

export interface CheckRequest extends ExportGround {
  readonly exports: Readonly<Record<string, ExportSpec>>;
  /** Folder, absolute. */
  readonly to: string;
  /** All that are declared: files of the manifest that are not among them are named. */
  readonly all: boolean;
}

/** Throws `DSP-EXPORT-INVALID`, `DSP-EXPORT-VALUE`, `DSP-STORE-…`. */
export async function checkExports(request: CheckRequest): Promise<ExportDocument & { command: 'check' }> {
  const snapshots = openSnapshots(request);
  try {
    const checked = new Map<string, CheckedFile>();
    for (const [store, specs] of byStore(request.exports)) {
      const ofStore = await snapshots.of(store, async (snapshot) => {
        const done: CheckedFile[] = [];
        for (const [name, spec] of specs) {
          done.push(await checkFile(snapshots, snapshot, name, spec, join(request.to, spec.file)));
        }
        return done;
      });
      for (const one of ofStore) checked.set(one.name, one);
    }
    const exports = [
      ...Object.keys(request.exports).flatMap((name) => checked.get(name) ?? []),
      ...(request.all ? undeclared(request) : []),
    ];
    const ok = exports.every(({ is }) => is === 'equal');
    return { version: 1, command: 'check', to: request.to, ok, exports };
  } finally {
    snapshots.close();
  }
}

/** One file of anywhere against what `spec` says of its store. Throws as `checkExports`. */
export async function verifyExport(ground: ExportGround, file: string, spec: ExportSpec): Promise<CheckedFile> {
  const snapshots = openSnapshots(ground);
  try {
    return await snapshots.of(spec.store, (snapshot) => checkFile(snapshots, snapshot, spec.file, spec, file));
  } finally {
    snapshots.close();
  }
}

async function checkFile(
  { pool }: Snapshots,
  { file, seconds }: OpenedSnapshot,
  name: string,
  spec: ExportSpec,
  exported: string,
): Promise<CheckedFile> {
  const about = { name, file: spec.file, store: spec.store };
  if (!existsSync(exported) || !statSync(exported).isFile()) {
    return { ...about, is: 'missing', why: 'there is no such file', rowsInStore: null, rowsInFile: null };
  }
  const compared = await unreadableIsError(spec.store, () =>
    pool.ask('compareExport', { file, spec, exported }, seconds),
  );
  if ('refused' in compared) throw refusedError(name, compared);
  const why = whyNot(compared);
  const { rowsInStore, rowsInFile } = compared;
  return { ...about, is: why === null ? 'equal' : 'differs', why, rowsInStore, rowsInFile };
}

function whyNot({ broken, first, rowsInStore, rowsInFile }: Exclude<Compared, Refused>): string | null {
  if (broken !== null) return broken;
  if (first === null) return null;
  const where = first.columns.length > 0 ? ` in ${first.columns.join(', ')}` : '';
  if (rowsInStore !== rowsInFile)
    return `${rowsInFile} rows instead of ${rowsInStore}; the first difference is row ${first.row}${where}`;
  return `row ${first.row} differs${where}`;
}

function undeclared({ to, exports }: CheckRequest): readonly CheckedFile[] {
  const path = join(to, MANIFEST);
  const manifest = existsSync(path) ? parseManifest(readFileSync(path, 'utf8')) : null;
  return Object.entries(manifest?.exports ?? {})
    .filter(([name]) => exports[name] === undefined)
    .map(([name, { file, store, rows }]) => ({
      name,
      file,
      store,
      is: 'undeclared' as const,
      why: 'no export of the configuration makes it any more',
      rowsInStore: null,
      rowsInFile: rows,
    }));
}
