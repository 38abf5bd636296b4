/**
 * What an earlier run learnt of a project's code, kept in the user's cache folder: facts and fingerprints of each file by its
 * content, what was read of it and what that depends on, the import graph, the results. Safe to delete; never in the project.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FileNames } from '../../bindings/file-names.ts';
import type { FileFacts } from '../../code/facts.ts';
import type { KeptGraph } from '../../code/graph/kept-graph.ts';
import type { PathText } from '../../code/graph/named-files.ts';
import { type KeptHead, keepFacts, openKept } from '../../code/kept-facts.ts';
import type { EarlierCode, FileState, ReadCode } from '../../code/read-code.ts';
import { lazily } from '../../lazily.ts';
import { BUILD, VERSION } from '../../version.ts';
import type { Code, NamedScope } from '../code-model.ts';
import type { FileReading } from '../read-file.ts';
import { readSections, writeSections } from './sections.ts';

/** Moves when what is kept, or how it is found, changes. */
const FORMAT: string = `desprawl-code 1 ${VERSION} ${BUILD}`;
/** A file touched this recently may change again without its times moving: it is known by its content only. */
const RACY_NS = 2_000_000_000n;

/** Of a file whose structure was read. */
export interface FileDigest {
  readonly names: FileNames;
  /** Texts that may name source files. */
  readonly paths: readonly PathText[];
  readonly scopes: readonly NamedScope[];
}

/** Whatever is concluded from all files together. */
export interface Results
  extends Pick<Code, 'bindings' | 'variables' | 'declarations' | 'entries' | 'unused' | 'similar' | 'residue'> {
  readonly roles: readonly (readonly [path: string, roles: FileReading['roles']])[];
  /** Answers that follow from the rest. */
  readonly recalled: Readonly<Record<string, unknown>>;
}

/** Files that readings depend on, and questions that were asked on their behalf. */
export interface Dependencies {
  readonly looked: ReadonlyMap<string, ReadonlySet<string>>;
  readonly asked: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface KeptCode extends EarlierCode {
  /** Everything but the code that the results depend on. */
  readonly key: string;
  /** Source files, in the order of the walk. */
  readonly paths: readonly string[];
  state(path: string): FileState | undefined;
  /** As they were; assignments and statements of code are not among them. */
  facts(path: string): FileFacts | undefined;
  hashes(path: string): Uint32Array | undefined;
  digest(path: string): FileDigest | undefined;
  reading(path: string): FileReading | undefined;
  readonly graph: KeptGraph;
  readonly dependencies: Dependencies;
  readonly results: Results;
  /** State of other files whose text was read. */
  readonly texts: Readonly<Record<string, string>>;
  /** The commit whose history was asked for former paths; `null`: it was not. */
  readonly history: string | null;
  answers(path: string): Readonly<Record<string, unknown>> | undefined;
}

type Row = readonly [
  path: string,
  state: FileState,
  head: KeptHead,
  rest: readonly [start: number, length: number],
  hashes: readonly [start: number, length: number] | null,
];

export interface ToKeep {
  readonly key: string;
  readonly read: ReadCode;
  readonly digests: ReadonlyMap<string, FileDigest>;
  readonly readings: ReadonlyMap<string, FileReading>;
  readonly graph: KeptGraph;
  readonly dependencies: Dependencies;
  readonly results: Results;
  readonly texts: Readonly<Record<string, string>>;
  readonly history: string | null;
  readonly answers: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

export function keptCodeFile(folder: string, root: string): string {
  return join(folder, 'desprawl', `${createHash('sha256').update(root).digest('hex').slice(0, 16)}.code`);
}

/** `undefined`: nothing was kept, or nothing that could be read. */
export function openKeptCode(file: string): KeptCode | undefined {
  const sections = readSections(file, FORMAT);
  if (sections === undefined) return undefined;
  const json = <T>(name: string): (() => T) => lazily(() => JSON.parse(sections.text(name)) as T);
  const list = json<readonly Row[]>('files')();
  const rows = new Map(list.map((row) => [row[0], row]));
  const rests = sections.bytes('rests');
  const allHashes = lazily(() => {
    // A copy begins at an address that numbers can begin at.
    const bytes = new Uint8Array(sections.bytes('hashes'));
    return new Uint32Array(bytes.buffer, 0, bytes.length / 4);
  });
  const hashesAt = (place: Row[4]): Uint32Array | undefined =>
    place === null ? undefined : allHashes().subarray(place[0], place[0] + place[1]);
  const open = ([, , head, [start, length]]: Row, whole: () => FileFacts): FileFacts =>
    openKept(head, () => rests.toString('utf8', start, start + length), whole);
  const digests = json<Record<string, FileDigest>>('digests');
  const readings = json<Record<string, FileReading>>('readings');
  const answers = json<Record<string, Record<string, unknown>>>('answers');
  const results = json<Results>('results');
  const pairs = json<readonly [Pairs, Pairs]>('dependencies');
  const dependencies = lazily(() => ({ looked: fromPairs(pairs()[0]), asked: fromPairs(pairs()[1]) }));
  const graph = lazily((): KeptGraph => {
    const bytes = new Uint8Array(sections.bytes('edges'));
    return { edges: new Int32Array(bytes.buffer, 0, bytes.length / 4), rest: json<KeptGraph['rest']>('graph')() };
  });
  const { key, texts, history } = json<Pick<KeptCode, 'key' | 'texts' | 'history'>>('head')();
  return {
    key,
    texts,
    history,
    paths: list.map(([path]) => path),
    find(path, by) {
      const row = rows.get(path);
      if (row === undefined) return undefined;
      const [, state, , , place] = row;
      const isSame = 'stamp' in by ? state.stamp === by.stamp : state.content !== '' && state.content === by.content;
      if (!isSame) return undefined;
      return {
        content: state.content,
        hashes: () => hashesAt(place),
        ...(isSecret(row[2]) ? {} : { facts: (whole) => open(row, whole) }),
      };
    },
    content(path) {
      const row = rows.get(path);
      return row === undefined || row[1].content === '' || isSecret(row[2]) ? undefined : row[1].content;
    },
    state: (path) => rows.get(path)?.[1],
    facts(path) {
      const row = rows.get(path);
      return row === undefined
        ? undefined
        : open(row, () => {
            throw new Error(`the structure of ${path} was not kept`);
          });
    },
    hashes: (path) => hashesAt(rows.get(path)?.[4] ?? null),
    digest: (path) => own(digests(), path),
    reading: (path) => own(readings(), path),
    get graph() {
      return graph();
    },
    get dependencies() {
      return dependencies();
    },
    get results() {
      return results();
    },
    answers: (path) => own(answers(), path),
  };
}

/** Files of variables are where passwords stand: they are read again each time. */
const isSecret = ({ language }: KeptHead): boolean => language === 'env';

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

type Pairs = readonly (readonly [from: string, to: readonly string[]])[];

const toPairs = (map: ReadonlyMap<string, ReadonlySet<string>>): Pairs => [...map].map(([from, to]) => [from, [...to]]);
const fromPairs = (pairs: Pairs): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(pairs.map(([from, to]) => [from, new Set(to)]));

/** Throws what the file system throws. */
export function writeKeptCode(file: string, kept: ToKeep): void {
  const rows: Row[] = [];
  const rests: Buffer[] = [];
  const hashes: Buffer[] = [];
  let restAt = 0;
  let hashAt = 0;
  const prints = new Map(kept.read.prints().map((print) => [print.path, print.hashes]));
  for (const [path, facts] of kept.read.facts) {
    const { head, rest } = keepFacts(facts);
    const text = Buffer.from(isSecret(head) ? '' : rest);
    const own = prints.get(path);
    const state = kept.read.states.get(path) ?? { stamp: '', content: '' };
    rows.push([
      path,
      isRacy(state.stamp) ? { ...state, stamp: '' } : state,
      head,
      [restAt, text.length],
      own === undefined ? null : [hashAt, own.length],
    ]);
    rests.push(text);
    restAt += text.length;
    if (own !== undefined) {
      hashes.push(Buffer.from(own.buffer, own.byteOffset, own.byteLength));
      hashAt += own.length;
    }
  }
  const { edges, rest } = kept.graph;
  writeSections(
    file,
    FORMAT,
    new Map<string, string | Buffer>([
      ['head', JSON.stringify({ key: kept.key, texts: kept.texts, history: kept.history })],
      ['files', JSON.stringify(rows)],
      ['rests', Buffer.concat(rests)],
      ['hashes', Buffer.concat(hashes)],
      ['edges', Buffer.from(edges.buffer, edges.byteOffset, edges.byteLength)],
      ['graph', JSON.stringify(rest)],
      ['digests', JSON.stringify(Object.fromEntries(kept.digests))],
      ['readings', JSON.stringify(Object.fromEntries(kept.readings))],
      ['dependencies', JSON.stringify([toPairs(kept.dependencies.looked), toPairs(kept.dependencies.asked)])],
      ['results', JSON.stringify(kept.results)],
      ['answers', JSON.stringify(Object.fromEntries(kept.answers))],
    ]),
  );
}

/** `size:mtimeNs:ctimeNs:inode`. */
function isRacy(stamp: string): boolean {
  const now = BigInt(Date.now()) * 1_000_000n;
  const [, mtime = '0', ctime = '0'] = stamp.split(':');
  return now - BigInt(mtime) < RACY_NS || now - BigInt(ctime) < RACY_NS;
}
