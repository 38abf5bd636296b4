/** Reads one store that the user named, wherever it lies; says in the user's words what is wrong with it. */
import { lstatSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { DesprawlError } from '../errors.ts';
import type { Store } from '../stores/model.ts';
import { type ReadOptions, UnreadableStore } from '../stores/reader.ts';
import { type Sniffed, sniffFiles } from '../stores/sniff.ts';
import { type ReadableKind, readStore, type Session } from './session.ts';

/** As much as finding the tables that belong together takes: rows are compared afterwards, all of them. */
const READ: Omit<ReadOptions, 'now'> = { sampleRows: 128, digestRows: 5_000, integrity: false, freshness: false };

/** What a name of the user leads to; nothing is opened. */
export interface NamedStore {
  /** As reports call it: relative to the project, or absolute where it lies outside. */
  readonly path: string;
  readonly kind: ReadableKind;
  readonly found: Sniffed;
  readonly modified: string;
}

/** `name`: relative to the project or absolute. Throws `DSP-STORE-MISSING`, `DSP-STORE-UNREADABLE`. */
export function findNamedStore(root: string, name: string): NamedStore {
  const full = isAbsolute(name) ? name : join(root, name);
  const inside = relative(root, full);
  const path = (inside.startsWith('..') || isAbsolute(inside) ? full : inside).split(sep).join('/');
  let real: string;
  try {
    real = realpathSync(full);
  } catch (cause) {
    throw new DesprawlError('DSP-STORE-MISSING', `There is no file ${name}.`, { cause });
  }
  const stat = lstatSync(real, { bigint: true });
  if (!stat.isFile()) throw new DesprawlError('DSP-STORE-MISSING', `${name} is not a file.`);
  const { size, mtimeNs, ctimeNs, ino, dev, mode } = stat;
  const entry = { path, bytes: Number(size), mtimeNs, ctimeNs, ino, dev, mode: Number(mode) };
  const found = sniffFiles(isAbsolute(path) ? '/' : root, [
    isAbsolute(path) ? { ...entry, path: path.slice(1) } : entry,
  ]).stores[0];
  if (found === undefined)
    throw new DesprawlError(
      'DSP-STORE-UNREADABLE',
      `${name} is not a store: its content is neither a database nor rows of text.`,
    );
  if (found.status === 'empty')
    throw new DesprawlError('DSP-STORE-UNREADABLE', `${name} is empty (0 bytes): there is nothing to read.`);
  if (found.status !== undefined || found.kind === 'unknown') {
    throw new DesprawlError(
      'DSP-STORE-UNREADABLE',
      `${name} cannot be read: ${found.reason?.message ?? 'unknown content'}.`,
    );
  }
  const modified = new Date(Number(mtimeNs / 1_000_000n)).toISOString();
  return { path, kind: found.kind as ReadableKind, found, modified };
}

/** `name`: relative to the project or absolute. Throws `DSP-STORE-MISSING`, `DSP-STORE-UNREADABLE`. */
export async function readNamedStore(session: Session, name: string): Promise<Store> {
  const { path, kind, found, modified } = findNamedStore(session.root, name);
  const read = await unreadableIsError(name, () => readStore(session, path, kind, { ...READ, now: Date.now() }));
  return {
    id: path,
    kind,
    path,
    bytes: found.bytes,
    modified,
    status: 'verified',
    readBy: read.readBy,
    git: 'outside',
    role: 'live',
    links: [],
    sidecars: found.sidecars,
    ...read.contents,
  };
}

/** What cannot be read is an error where the user asked for just that. */
export async function unreadableIsError<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof UnreadableStore)) throw error;
    throw new DesprawlError('DSP-STORE-UNREADABLE', `${name} cannot be read: ${error.message}.`, { cause: error });
  }
}
