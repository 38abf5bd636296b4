/**
 * Decides by content what each file is: a store, a store that cannot be read, something that is only named like one, or
 * none of our business. Reads the first bytes only; runs in the main process, which never opens a database.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FileEntry } from '../project/walk.ts';
import type { Lookalike, Sidecar, Store, StoreKind } from './model.ts';
import { STORE_NAME } from './store-name.ts';
import { sniffText } from './text-sniff.ts';

export interface Sniffed {
  readonly path: string;
  readonly kind: StoreKind;
  readonly bytes: number;
  /** Set where the content need not or cannot be read. */
  readonly status?: 'empty' | 'not-verified';
  readonly reason?: NonNullable<Store['reason']>;
  readonly sidecars: readonly Sidecar[];
  /** Links in the project that lead to it. */
  readonly links: readonly string[];
  readonly entry: FileEntry;
}

export interface SniffResult {
  readonly stores: readonly Sniffed[];
  readonly lookalikes: readonly Lookalike[];
}

const SQLITE_MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
const LFS_POINTER = /^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\//;
const HEAD_BYTES = 4 * 1024;
const TEXT_BYTES = 64 * 1024;
const TEXT_NAME = /\.(csv|tsv|tab|psv|json|jsonl|ndjson)$/i;
/** What may hold rows under any name. Source code and media are not read beyond their name. */
const NEVER_TEXT =
  /\.(js|jsx|mjs|cjs|ts|tsx|mts|cts|py|pyi|rb|php|go|rs|java|kt|c|h|cc|cpp|hpp|cs|swift|scala|lua|pl|sh|bash|zsh|fish|ps1|bat|sql|html?|css|scss|sass|less|vue|svelte|astro|md|mdx|rst|adoc|ya?ml|toml|ini|cfg|conf|xml|svg|lock|log|map|snap|prisma|graphql|proto|tf|hcl|dockerfile|makefile|gitignore|gitattributes|editorconfig|npmrc|nvmrc|env|pem|crt|key|pub|patch|diff|ipynb|tex|bib|png|jpe?g|gif|webp|ico|bmp|woff2?|ttf|otf|eot|mp[34]|wav|ogg|webm|mov|pdf|zip|gz|tgz|bz2|xz|7z|rar|jar|so|dll|dylib|exe|o|a|pyc|class|wasm|bin)$/i;

/** Magic numbers of files that are called databases and are none of ours. */
const OTHER_FORMATS: readonly { readonly is: string; readonly test: (head: Buffer) => boolean }[] = [
  { is: 'OLE document (Thumbs.db or an old Office file)', test: (head) => head.readUInt32BE(0) === 0xd0cf11e0 },
  {
    is: 'MS Access database',
    test: (head) =>
      head.toString('latin1', 4, 19) === 'Standard Jet DB' || head.toString('latin1', 4, 19) === 'Standard ACE DB',
  },
  { is: 'DuckDB database', test: (head) => head.toString('latin1', 8, 12) === 'DUCK' },
  {
    is: 'Berkeley DB file',
    test: (head) =>
      [0x00053162, 0x00061561, 0x00042253, 0x62310500, 0x61150600].includes(head.readUInt32BE(12)) ||
      head.readUInt32BE(0) === 0x00061561,
  },
  { is: 'GDBM file', test: (head) => [0x13579ace, 0x13579acd, 0x13579acf].includes(head.readUInt32LE(0)) },
  { is: 'LMDB file', test: (head) => head.length > 20 && head.readUInt32LE(16) === 0xbeefc0de },
  { is: 'gzip archive', test: (head) => head.readUInt16BE(0) === 0x1f8b },
  { is: 'zip archive', test: (head) => head.readUInt32BE(0) === 0x504b0304 },
  { is: 'Zstandard archive', test: (head) => head.readUInt32LE(0) === 0xfd2fb528 },
  { is: 'SQL dump of PostgreSQL', test: (head) => head.toString('latin1', 0, 5) === 'PGDMP' },
  { is: 'pickle of Python', test: (head) => head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5 },
];

/** `entries`: what the walk found; sidecars and links among them are attached to their store. */
export function sniffFiles(root: string, entries: readonly FileEntry[]): SniffResult {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const linksTo = linksByTarget(entries);
  const stores: Sniffed[] = [];
  const lookalikes: Lookalike[] = [];
  for (const entry of entries) {
    const main = mainOfSidecar(entry.path);
    if (main !== undefined) {
      if (byPath.has(main)) continue;
      if (STORE_NAME.test(main))
        lookalikes.push({ path: entry.path, bytes: entry.bytes, is: 'sidecar without its database' });
      continue;
    }
    // A link into the project is named with the file that it leads to.
    if (entry.link?.inside != null && byPath.has(entry.link.inside)) continue;
    const found = sniffOne(root, entry);
    if (found === undefined) continue;
    if ('is' in found) {
      lookalikes.push({ path: entry.path, bytes: entry.bytes, is: found.is });
      continue;
    }
    const sidecars = found.kind === 'sqlite' ? sidecarsOf(entry.path, byPath) : [];
    stores.push({
      path: entry.path,
      bytes: entry.bytes,
      sidecars,
      links: linksTo.get(entry.path) ?? [],
      entry,
      ...found,
    });
  }
  return { stores, lookalikes };
}

type Found = Pick<Sniffed, 'kind' | 'status' | 'reason'> | { readonly is: string } | undefined;

function sniffOne(root: string, entry: FileEntry): Found {
  const { path, link } = entry;
  const named = STORE_NAME.test(path);
  if (link?.dangling === true) return dangling(path, link.target);
  if (entry.bytes === 0) return named ? { kind: 'sqlite', status: 'empty' } : undefined;
  if (NEVER_TEXT.test(path) && !named && !/\.(bin|conf)$/i.test(path)) return undefined;
  let head: Buffer;
  try {
    head = readHead(join(root, path), HEAD_BYTES);
  } catch (error) {
    if (!named && !TEXT_NAME.test(path)) return undefined;
    return notVerified(
      'unknown',
      'permission',
      `this user may not read it (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
    );
  }
  if (head.subarray(0, 16).equals(SQLITE_MAGIC)) {
    if (entry.bytes >= 100) return { kind: 'sqlite' };
    return notVerified('sqlite', 'truncated', 'the file ends within the header of its database');
  }
  if (LFS_POINTER.test(head.toString('latin1', 0, 60))) {
    if (!named && !TEXT_NAME.test(path)) return undefined;
    return notVerified(kindByName(path), 'lfs-pointer', 'a pointer of git-lfs: the content is not in this checkout');
  }
  const text = isTextual(head) ? sniffText(readHead(join(root, path), TEXT_BYTES), path) : null;
  if (text !== null) return { kind: text };
  return named || /^thumbs\.db$/i.test(basename(path)) ? otherwise(head, entry) : undefined;
}

function notVerified(kind: StoreKind, code: NonNullable<Store['reason']>['code'], message: string): Found {
  return { kind, status: 'not-verified', reason: { code, message } };
}

/** A link that leads nowhere: content kept by git-annex or DVC elsewhere, or a lost file. */
function dangling(path: string, target: string): Found {
  if (!STORE_NAME.test(path) && !TEXT_NAME.test(path)) return undefined;
  const annex = target.includes('.git/annex/objects')
    ? 'content of git-annex that is not in this checkout'
    : 'a link that leads nowhere';
  return notVerified(kindByName(path), 'missing-content', annex);
}

function kindByName(path: string): StoreKind {
  if (STORE_NAME.test(path)) return 'sqlite';
  if (/\.(jsonl|ndjson)$/i.test(path)) return 'jsonl';
  return /\.json$/i.test(path) ? 'json' : 'csv';
}

/** Named like a store, and neither SQLite nor rows of text. */
function otherwise(head: Buffer, entry: FileEntry): Found {
  const padded = head.length >= 32 ? head : Buffer.concat([head, Buffer.alloc(32)]);
  const other = OTHER_FORMATS.find(({ test }) => test(padded));
  if (other !== undefined) return { is: other.is };
  if (isTextual(head)) return { is: 'text' };
  if (head.every((byte) => byte === 0)) return { is: 'zeros' };
  if (entry.bytes % 512 === 0 && entropy(head) > 7.2) {
    return notVerified('sqlite', 'encrypted', 'named like a database, its content looks encrypted');
  }
  return { is: 'binary data of an unknown format' };
}

function readHead(path: string, bytes: number): Buffer {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(bytes);
    return head.subarray(0, readSync(fd, head, 0, bytes, 0));
  } finally {
    closeSync(fd);
  }
}

/** Few control characters; UTF-16 has NULs in every other place. */
function isTextual(head: Buffer): boolean {
  if (head.length >= 2 && (head.readUInt16BE(0) === 0xfffe || head.readUInt16BE(0) === 0xfeff)) return true;
  let control = 0;
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) control++;
  return control === 0 || control / head.length < 0.01;
}

/** Bits per byte: text has about 4.5, encrypted pages nearly 8. */
function entropy(head: Buffer): number {
  const counts = new Map<number, number>();
  for (const byte of head) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / head.length) * Math.log2(count / head.length);
  return bits;
}

const SIDECAR = /^(.+)-(wal|shm|journal)$/;

function mainOfSidecar(path: string): string | undefined {
  const main = SIDECAR.exec(path)?.[1];
  return main !== undefined && (STORE_NAME.test(main) || /\.[\w]+$/.test(basename(main))) ? main : undefined;
}

function sidecarsOf(path: string, byPath: ReadonlyMap<string, FileEntry>): readonly Sidecar[] {
  return (['wal', 'shm', 'journal'] as const).flatMap((role) => {
    const entry = byPath.get(`${path}-${role}`);
    return entry === undefined ? [] : [{ path: entry.path, role, bytes: entry.bytes }];
  });
}

function linksByTarget(entries: readonly FileEntry[]): ReadonlyMap<string, readonly string[]> {
  const links = new Map<string, string[]>();
  for (const { path, link } of entries) {
    if (link?.inside == null) continue;
    links.set(link.inside, [...(links.get(link.inside) ?? []), path]);
  }
  return links;
}
