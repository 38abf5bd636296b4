/**
 * Reads the source files of a project into facts: an outline of each, the full structure of those that may have to do
 * with stores, of others when somebody asks. What is too large or no text is named, never skipped silently.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lazily } from '../lazily.ts';
import type { FileEntry } from '../project/walk.ts';
import { emptyFacts } from './empty-facts.ts';
import type { FileFacts, Language, LanguageId } from './facts.ts';
import { isKept } from './kept-facts.ts';
import { languageOf, loadLanguage } from './languages.ts';
import { CONCERNS_STORES } from './names-store.ts';
import { fingerprint } from './similar/fingerprint.ts';
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
}

export interface EarlierFile {
  readonly content: string;
  /** Its fingerprint, where one was taken. */
  hashes(): Uint32Array | undefined;
  /** `whole`: reads the file again, for what was not kept. Absent where the facts themselves were not. */
  readonly facts?: (whole: () => FileFacts) => FileFacts;
}

/** A larger source file is a dump or a bundle. SQL has a limit of its own. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_SQL_BYTES = 64 * 1024 * 1024;
/** Structures that were read on demand and are at hand. */
const MOST_STRUCTURES = 400;
/** A file without a suffix is code where it says so. */
const NO_SUFFIX = /(?:^|\/)[^./]+$/;

/** Languages whose outline and structure are one. */
const CODE: ReadonlySet<LanguageId> = new Set<LanguageId>(['python', 'typescript', 'php']);

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether a file is one of those that near-copies are looked for among. */
  readonly compared?: (path: string, facts: FileFacts) => boolean;
  readonly earlier?: EarlierCode | undefined;
}

export async function readCode(
  root: string,
  files: readonly FileEntry[],
  { signal, compared = () => false, earlier }: ReadOptions = {},
): Promise<ReadCode> {
  const facts = new Map<string, FileFacts>();
  const prints: (() => SimilarFile | undefined)[] = [];
  const states = new Map<string, FileState>();
  const fresh = new Set<string>();
  const languages = new Map<LanguageId, Language>();
  const lines = new Map<string, readonly string[]>();
  const textOf = (path: string): string | undefined => {
    try {
      return decode(readFileSync(join(root, path)));
    } catch {
      return undefined;
    }
  };
  const load = async (id: LanguageId): Promise<Language> => {
    let language = languages.get(id);
    if (language === undefined) {
      language = await loadLanguage(id);
      languages.set(id, language);
    }
    return language;
  };
  const structures = new Map<string, FileFacts>();
  const structureOf = (path: string): FileFacts => {
    const known = structures.get(path) ?? facts.get(path);
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
  const takeOver = (path: string, stamp: string, { content, hashes, facts: open }: EarlierFile): boolean => {
    if (open === undefined) return false;
    facts.set(
      path,
      open(() => structureOf(path)),
    );
    states.set(path, { stamp, content });
    prints.push(() => {
      const known = hashes();
      return known === undefined ? undefined : { path, hashes: known, content };
    });
    return true;
  };
  for (const file of files) {
    signal?.throwIfAborted();
    if (file.link !== undefined) continue;
    const stamp = stampOf(file);
    const known = earlier?.find(file.path, { stamp });
    if (known !== undefined && takeOver(file.path, stamp, known)) continue;
    const id =
      languageOf(file.path) ?? (isScript(file) ? languageOf(file.path, firstLine(root, file.path)) : undefined);
    if (id === undefined) continue;
    const { bytes, problem } = bytesOf(root, file, id);
    const content = bytes === undefined ? '' : createHash('sha1').update(bytes).digest('base64url');
    const same = bytes === undefined ? undefined : earlier?.find(file.path, { content });
    if (same !== undefined && takeOver(file.path, stamp, same)) continue;
    if (same === undefined) fresh.add(file.path);
    states.set(file.path, { stamp, content });
    if (bytes === undefined) {
      facts.set(file.path, { ...emptyFacts(id, 'none', 0), problem });
      continue;
    }
    const text = decode(bytes);
    const found = readText(file.path, text, await load(id));
    facts.set(file.path, found);
    if (compared(file.path, found)) {
      const print = { path: file.path, hashes: fingerprint(text, id), content };
      prints.push(() => print);
    }
  }
  return {
    facts,
    prints: lazily(() => prints.flatMap((print) => print() ?? [])),
    states,
    fresh,
    textOf,
    structureOf,
    async loadLanguages() {
      const needed = new Set([...facts.values()].map(({ language }) => language));
      for (const id of CODE) if (needed.has(id)) await load(id);
    },
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

type Bytes =
  | { readonly bytes: Buffer; readonly problem?: never }
  | { readonly bytes?: never; readonly problem: string };

/** What is too large, cannot be read or is no text gives the reason in place of its bytes. */
function bytesOf(root: string, file: FileEntry, language: LanguageId): Bytes {
  const limit = language === 'sql' ? MOST_SQL_BYTES : MOST_BYTES;
  if (file.bytes > limit) return { problem: `larger than ${limit / 1024 / 1024} MB` };
  try {
    const bytes = readFileSync(join(root, file.path));
    return bytes.subarray(0, 8192).includes(0) ? { problem: 'not a text' } : { bytes };
  } catch (error) {
    return { problem: `cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'error'}` };
  }
}

function readText(path: string, text: string, language: Language): FileFacts {
  if (language.id === 'typescript' && isLibrary(path, text)) {
    return { ...emptyFacts(language.id, 'none', 0), problem: 'a library of somebody else' };
  }
  const whole = !CODE.has(language.id) || CONCERNS_STORES.test(text);
  return whole ? language.structure(text, path) : language.outline(text, path);
}

/** Folders in which browsers find what pages load. */
const SERVED =
  /(?:^|\/)(?:static|staticfiles|public|assets|wwwroot|vendors?|libs?|plugins|third[-_]?party|bower_components)\//i;
const BANNER =
  /^[\s;]*(?:['"]use strict['"];?\s*)?(?:\/\*[\s\S]{0,1500}?(?:licen[cs]e|copyright|@preserve)|\/\/[^\n]{0,200}(?:licen[cs]e|copyright))/i;
const WRAPPER = /^[\s\S]{0,3000}?typeof (?:exports|define|module) ?===? ?['"](?:object|function|undefined)['"]/;

/** A library that was copied into the folder of served files: its licence stands at the top, or it asks which loader loads it. */
function isLibrary(path: string, text: string): boolean {
  return SERVED.test(path) && text.length > 8_000 && (BANNER.test(text) || WRAPPER.test(text));
}

/** UTF-8, else Latin-1: a comment in an old encoding is no reason not to read the rest. */
function decode(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}

const isScript = (file: FileEntry): boolean =>
  NO_SUFFIX.test(file.path) && (file.mode & 0o111) !== 0 && file.bytes < 1_000_000;

function firstLine(root: string, path: string): string {
  try {
    const start = readFileSync(join(root, path)).subarray(0, 120).toString('latin1');
    return start.startsWith('#!') ? start.replace(/\n.*/s, '') : '';
  } catch {
    return '';
  }
}
