/**
 * `export`: tables and queries of databases as files, all of one call from one state of each database, placed together. Reads like an
 * audit; writes nothing but the files that were asked for.
 */
import { statSync } from 'node:fs';
import { unreadableIsError } from '../audit/read-named-store.ts';
import type { Disk } from '../disk/disk.ts';
import { hashBytes } from '../disk/hash-file.ts';
import { readIfThere } from '../disk/read-file.ts';
import { DesprawlError } from '../errors.ts';
import { inFolder } from './in-folder.ts';
import { entryOf, lossyOf, MANIFEST, type ManifestEntry, manifestText, parseManifest } from './manifest.ts';
import type { ExportDocument, ExportedFile, ExportSpec, Refused, Written } from './model.ts';
import { type NewFile, type Placed, placeFiles } from './place-files.ts';
import { type ExportGround, openSnapshots } from './snapshots.ts';

export interface ExportRequest extends ExportGround {
  readonly disk: Disk;
  /** Name → what it is. */
  readonly exports: Readonly<Record<string, ExportSpec>>;
  /** Folder, absolute; made where it is not there. */
  readonly to: string;
  /** Other files of the names are kept beside instead of refused. */
  readonly force: boolean;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly item: string }) => void;
}

interface Made {
  readonly name: string;
  readonly spec: ExportSpec;
  readonly file: string;
  readonly mode: number;
  readonly written: Exclude<Written, Refused>;
}

/** Throws `DSP-EXPORT-INVALID`, `DSP-EXPORT-VALUE`, `DSP-STORE-…`, `DSP-FILE-EXISTS`, `DSP-WRITE-FAILED`; then nothing was written. */
export async function exportStores(request: ExportRequest): Promise<ExportDocument & { command: 'export' }> {
  const { disk, signal } = request;
  const snapshots = openSnapshots(request);
  try {
    const made: Made[] = [];
    const total = Object.keys(request.exports).length;
    for (const [store, specs] of byStore(request.exports)) {
      const ofStore = await snapshots.of(store, async (snapshot) => {
        const done: Made[] = [];
        for (const [name, spec] of specs) {
          request.onProgress?.({ done: made.length + done.length, total, item: name });
          const to = snapshots.scratch.file('.export');
          const asked = { file: snapshot.file, spec, to };
          const written = await unreadableIsError(store, () =>
            snapshots.pool.ask('writeExport', asked, snapshot.seconds),
          );
          if ('refused' in written) throw refusedError(name, written);
          done.push({ name, spec, file: to, mode: statSync(snapshot.store).mode & 0o666, written });
        }
        return done;
      });
      made.push(...ofStore);
    }
    signal?.throwIfAborted();
    const files = inFolder(disk, request.to, (folder) => placeAll(disk, folder, made, request.force));
    return { version: 1, command: 'export', to: request.to, exports: files };
  } finally {
    snapshots.close();
  }
}

export function byStore(
  exports: Readonly<Record<string, ExportSpec>>,
): ReadonlyMap<string, readonly (readonly [string, ExportSpec])[]> {
  const stores = new Map<string, (readonly [string, ExportSpec])[]>();
  for (const [name, spec] of Object.entries(exports)) {
    stores.set(spec.store, [...(stores.get(spec.store) ?? []), [name, spec]]);
  }
  return stores;
}

export function refusedError(name: string, { refused, message }: Refused): DesprawlError {
  return refused === 'spec'
    ? new DesprawlError('DSP-EXPORT-INVALID', `The export ${name} does not fit its store: ${message}.`)
    : new DesprawlError('DSP-EXPORT-VALUE', `The export ${name} cannot hold ${message}. Nothing was written.`);
}

/** Entries of earlier exports whose file is there and is none of those that are made now, under whatever name. */
function stillThere(
  disk: Disk,
  folder: string,
  entries: Readonly<Record<string, ManifestEntry>>,
  made: readonly Made[],
): Record<string, ManifestEntry> {
  const now = new Set(made.map(({ spec }) => spec.file));
  return Object.fromEntries(
    Object.entries(entries).filter(([, { file }]) => !now.has(file) && disk.lstat(`${folder}/${file}`) !== null),
  );
}

function placeAll(disk: Disk, folder: string, made: readonly Made[], force: boolean): readonly ExportedFile[] {
  const before = readIfThere(disk, `${folder}/${MANIFEST}`);
  const known = before === null ? null : parseManifest(before.toString('utf8'));
  const own = new Set(Object.values(known?.exports ?? {}).map(({ sha256 }) => sha256));
  const entries = stillThere(disk, folder, known?.exports ?? {}, made);
  const files = made.map(({ spec, file, mode }): NewFile => ({ name: spec.file, content: file, mode, own }));
  const manifest = (placed: readonly Pick<Placed, 'sha256' | 'bytes'>[]): NewFile => {
    for (const [i, { name, spec, written }] of made.entries()) {
      const { sha256 = '', bytes = 0 } = placed[i] ?? {};
      entries[name] = entryOf(spec, { sha256, bytes, ...written });
    }
    return {
      name: MANIFEST,
      content: Buffer.from(manifestText(entries)),
      mode: 0o666,
      own: new Set(before === null || known === null ? [] : [hashBytes(before).sha256]),
    };
  };
  const placed = placeFiles(disk, folder, files, manifest, force);
  return made.map(({ name, spec, written }, i) => {
    const { sha256 = '', bytes = 0, unchanged = false, kept = null } = placed[i] ?? {};
    return {
      name,
      file: spec.file,
      store: spec.store,
      rows: written.rows,
      columns: written.columns.map((column) => column.name),
      bytes,
      sha256,
      unchanged,
      kept,
      lossy: lossyOf(spec),
    };
  });
}
