/**
 * Reads the source files of a project into facts: an outline of each, the full structure of those that may have to do
 * with stores, of others when somebody asks. What is too large or no text is named, never skipped silently.
 */
import { lazily } from '../lazily.ts';
import type { FileEntry } from '../project/walk.ts';
import { emptyFacts } from './empty-facts.ts';
import type { FileFacts, Language, LanguageId } from './facts.ts';
import { isKept, type Kept, openKept, wholeFacts } from './kept-facts.ts';
import { languageOf, loadLanguage } from './languages.ts';
import { CODE, type Compared, decode, fromDisk, type ReadBytes, readOne, type Task } from './read-one.ts';
import type { SimilarFile } from './similar/model.ts';

export interface ReadCode {
  readonly facts: ReadonlyMap<string, FileFacts>;
  /** Fingerprints of the files that `compared` asked for, taken while their texts were at hand. */
  prints(): readonly SimilarFile[];
  /** What tells that a file of `facts` is as it was. */
  readonly states: ReadonlyMap<string, FileState>;
  /** Files whose content no earlier run has read. */
  readonly fresh: ReadonlySet<string>;
  /** Loads the front ends that `structureOf` may need for files that an earlier run has read. */
  loadLanguages(): Promise<void>;
  /** Full structure; reads the file where only its outline is known. */
  structureOf(path: string): FileFacts;
  /** A line as it stands, trimmed; '' where it is gone. */
  lineOf(path: string, line: number): string;
  /** The text of a file of the project; `undefined` where it cannot be read. */
  textOf(path: string): string | undefined;
}

export interface FileState {
  /** Size, times and inode, as the walk saw them. */
  readonly stamp: string;
  /** Digest of its bytes; '' where they were not read. */
  readonly content: string;
}

/** What an earlier run read. */
export interface EarlierCode {
  /** By what the file system says of the file; else by its content. */
  find(path: string, by: { readonly stamp: string } | { readonly content: string }): EarlierFile | undefined;
  /** Digest of a file's content, where its facts are known. */
  content(path: string): string | undefined;
}

export interface EarlierFile {
  readonly content: string;
  /** Its fingerprint, where one was taken. */
  hashes(): Uint32Array | undefined;
  /** `whole`: reads the file again, for what was not kept. Absent where the facts themselves were not. */
  readonly facts?: (whole: () => FileFacts) => FileFacts;
}

/** Reads some of the tasks beside this thread, while that reads the others. */
export interface Beside {
  /** The next task for this thread; `undefined`: all are taken. */
  next(): number | undefined;
  /** What was read beside, by task. Tasks that it lacks were not read. */
  rest(): Promise<ReadonlyMap<number, KeptRead>>;
  close(): void;
}

/** A file read by another thread: facts in parts, so that handing them over costs little. */
export interface KeptRead {
  readonly content: string;
  readonly hashes?: Uint32Array;
  readonly kept?: Kept;
  readonly structure?: string;
}

/** Structures that were read on demand and are at hand. */
const MOST_STRUCTURES = 400;
/** A file without a suffix is code where it says so. */
const NO_SUFFIX = /(?:^|\/)[^./]+$/;

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly compared?: Compared;
  readonly earlier?: EarlierCode | undefined;
  /** Begins to read beside, where that pays. */
  readonly beside?: (root: string, tasks: readonly Task[]) => Beside | undefined;
  /** Where bytes come from, if not from the disk. */
  readonly read?: ReadBytes | undefined;
}

interface Entry {
  readonly path: string;
  readonly facts: FileFacts;
  readonly state: FileState;
  readonly fresh: boolean;
  readonly hashes: () => Uint32Array | undefined;
}

export async function readCode(
  root: string,
  files: readonly FileEntry[],
  { signal, compared = () => false, earlier, beside, read = fromDisk(root) }: ReadOptions = {},
): Promise<ReadCode> {
  const facts = new Map<string, FileFacts>();
  const languages = new Map<LanguageId, Language>();
  const lines = new Map<string, readonly string[]>();
  const textOf = (path: string): string | undefined => {
    try {
      return decode(read(path));
    } catch {
      return undefined;
    }
  };
  const load = async (ids: Iterable<LanguageId>): Promise<void> => {
    for (const id of ids) if (!languages.has(id)) languages.set(id, await loadLanguage(id));
  };
  /** Of files that were read in this run: they stay. */
  const wholes = new Map<string, () => FileFacts>();
  const structures = new Map<string, FileFacts>();
  const structureOf = (path: string): FileFacts => {
    const known = wholes.get(path)?.() ?? structures.get(path) ?? facts.get(path);
    if (known === undefined) throw new Error(`${path} was not read`);
    if (!CODE.has(known.language) || known.read === 'none' || (known.read !== 'outline' && !isKept(known)))
      return known;
    const text = textOf(path);
    const language = languages.get(known.language);
    if (language === undefined) throw new Error(`no front end was loaded for ${path}`);
    // Gone since the walk: nothing is in it.
    const full = text === undefined ? emptyFacts(known.language, known.read, 0) : language.structure(text, path);
    // Whoever asks for one asks again soon, and then never.
    if (structures.size >= MOST_STRUCTURES) for (const [oldest] of structures) if (structures.delete(oldest)) break;
    structures.set(path, full);
    return full;
  };

  const entries: (Entry | undefined)[] = [];
  const known = (path: string, stamp: string, same: EarlierFile | undefined): Entry | undefined => {
    if (same?.facts === undefined) return undefined;
    const own = same.facts(() => structureOf(path));
    return { path, facts: own, state: { stamp, content: same.content }, fresh: false, hashes: same.hashes };
  };
  const tasks: Task[] = [];
  const places: { readonly at: number; readonly stamp: string }[] = [];
  for (const file of files) {
    signal?.throwIfAborted();
    if (file.link !== undefined) continue;
    const { path, bytes } = file;
    const stamp = stampOf(file);
    const at = entries.push(known(path, stamp, earlier?.find(path, { stamp }))) - 1;
    if (entries[at] !== undefined) continue;
    const language = languageOf(path) ?? (isScript(file) ? languageOf(path, firstLine(read, path)) : undefined);
    if (language === undefined) continue;
    const before = earlier?.content(path);
    tasks.push({ path, bytes, language, ...(before === undefined ? {} : { known: before }) });
    places.push({ at, stamp });
  }
  await load(new Set(tasks.map(({ language }) => language)));
  const place = (index: number, content: string, entry: Pick<Entry, 'facts' | 'hashes'> | undefined): void => {
    const { path } = tasks[index] as Task;
    const { at, stamp } = places[index] as { at: number; stamp: string };
    const same = earlier?.find(path, { content });
    entries[at] =
      entry === undefined
        ? known(path, stamp, same)
        : { path, ...entry, state: { stamp, content }, fresh: same === undefined };
  };
  const readHere = (index: number): void => {
    signal?.throwIfAborted();
    const task = tasks[index] as Task;
    const { content, facts: own, hashes } = readOne(read, task, languages.get(task.language) as Language, compared);
    place(index, content, own === undefined ? undefined : { facts: own, hashes: () => hashes });
  };
  const other = beside?.(root, tasks);
  try {
    let index = 0;
    const next = other?.next ?? (() => (index < tasks.length ? index++ : undefined));
    const mine = new Set<number>();
    for (let at = next(); at !== undefined; at = next()) {
      mine.add(at);
      readHere(at);
    }
    const rest = await other?.rest();
    for (let at = 0; at < tasks.length; at++) {
      if (mine.has(at)) continue;
      const found = rest?.get(at);
      if (found === undefined) readHere(at);
      else place(at, found.content, opened(found, (tasks[at] as Task).path, wholes));
    }
  } finally {
    other?.close();
  }
  const states = new Map<string, FileState>();
  const fresh = new Set<string>();
  for (const entry of entries) {
    if (entry === undefined) continue;
    facts.set(entry.path, entry.facts);
    states.set(entry.path, entry.state);
    if (entry.fresh) fresh.add(entry.path);
  }
  return {
    facts,
    prints: lazily(() =>
      entries.flatMap((entry) => {
        const hashes = entry?.hashes();
        return entry === undefined || hashes === undefined
          ? []
          : [{ path: entry.path, hashes, content: entry.state.content }];
      }),
    ),
    states,
    fresh,
    textOf,
    structureOf,
    loadLanguages: () =>
      load(new Set([...facts.values()].map(({ language }) => language).filter((id) => CODE.has(id)))),
    lineOf(path, line) {
      let known = lines.get(path);
      if (known === undefined) {
        known = (textOf(path) ?? '').split(/\r\n|\n|\r/);
        if (lines.size > 200) lines.clear();
        lines.set(path, known);
      }
      return (known[line - 1] ?? '').trim();
    },
  };
}

export const stampOf = ({ bytes, mtimeNs, ctimeNs, ino }: FileEntry): string => `${bytes}:${mtimeNs}:${ctimeNs}:${ino}`;

/** The structure is put together when somebody asks for it, and then stays. */
function opened(
  { kept, structure, hashes }: KeptRead,
  path: string,
  wholes: Map<string, () => FileFacts>,
): Pick<Entry, 'facts' | 'hashes'> | undefined {
  if (kept === undefined) return undefined;
  const whole = lazily(() => wholeFacts(kept, structure ?? ''));
  if (structure !== undefined && structure !== '') wholes.set(path, whole);
  return { facts: openKept(kept.head, () => kept.rest, whole), hashes: () => hashes };
}

const isScript = (file: FileEntry): boolean =>
  NO_SUFFIX.test(file.path) && (file.mode & 0o111) !== 0 && file.bytes < 1_000_000;

function firstLine(read: ReadBytes, path: string): string {
  try {
    const start = read(path).subarray(0, 120).toString('latin1');
    return start.startsWith('#!') ? start.replace(/\n.*/s, '') : '';
  } catch {
    return '';
  }
}
