/**
 * Reads the source files of a project into facts: an outline of each, the full structure of those that may have to do
 * with stores, of others when somebody asks. What is too large or no text is named, never skipped silently.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEntry } from '../project/walk.ts';
import { emptyFacts } from './empty-facts.ts';
import type { FileFacts, Language, LanguageId } from './facts.ts';
import { languageOf, loadLanguage } from './languages.ts';
import { CONCERNS_STORES } from './names-store.ts';
import { fingerprint } from './similar/fingerprint.ts';
import type { SimilarFile } from './similar/model.ts';

export interface ReadCode {
  readonly facts: ReadonlyMap<string, FileFacts>;
  /** Fingerprints of the files that `compared` asked for, taken while their texts were at hand. */
  readonly prints: readonly SimilarFile[];
  /** Full structure; reads the file where only its outline is known. */
  structureOf(path: string): FileFacts;
  /** A line as it stands, trimmed; '' where it is gone. */
  lineOf(path: string, line: number): string;
  /** The text of a file of the project; `undefined` where it cannot be read. */
  textOf(path: string): string | undefined;
}

/** A larger source file is a dump or a bundle. SQL has a limit of its own. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_SQL_BYTES = 64 * 1024 * 1024;
/** A file without a suffix is code where it says so. */
const NO_SUFFIX = /(?:^|\/)[^./]+$/;

/** Languages whose outline and structure are one. */
const CODE: ReadonlySet<LanguageId> = new Set<LanguageId>(['python', 'typescript', 'php']);

/** `compared`: whether a file is one of those that near-copies are looked for among. */
export async function readCode(
  root: string,
  files: readonly FileEntry[],
  signal?: AbortSignal,
  compared: (path: string, facts: FileFacts) => boolean = () => false,
): Promise<ReadCode> {
  const facts = new Map<string, FileFacts>();
  const prints: SimilarFile[] = [];
  const languages = new Map<LanguageId, Language>();
  const lines = new Map<string, readonly string[]>();
  const textOf = (path: string): string | undefined => {
    try {
      return decode(readFileSync(join(root, path)));
    } catch {
      return undefined;
    }
  };
  for (const file of files) {
    signal?.throwIfAborted();
    if (file.link !== undefined) continue;
    const id =
      languageOf(file.path) ?? (isScript(file) ? languageOf(file.path, firstLine(root, file.path)) : undefined);
    if (id === undefined) continue;
    let language = languages.get(id);
    if (language === undefined) {
      language = await loadLanguage(id);
      languages.set(id, language);
    }
    const { found, text } = read(root, file, language);
    facts.set(file.path, found);
    if (text !== undefined && compared(file.path, found)) {
      const content = createHash('sha1').update(text).digest('base64url');
      prints.push({ path: file.path, hashes: fingerprint(text, found.language), content });
    }
  }
  return {
    facts,
    prints,
    textOf,
    structureOf(path) {
      const known = facts.get(path);
      if (known === undefined) throw new Error(`${path} was not read`);
      if (known.read !== 'outline' || !CODE.has(known.language)) return known;
      const text = textOf(path);
      const language = languages.get(known.language);
      if (text === undefined || language === undefined) return known;
      const full = language.structure(text, path);
      // What was read whole stays so: the next question finds it.
      facts.set(path, full);
      return full;
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

interface Read {
  readonly found: FileFacts;
  readonly text?: string;
}

function read(root: string, file: FileEntry, language: Language): Read {
  const none = (problem: string): Read => ({ found: { ...emptyFacts(language.id, 'none', 0), problem } });
  const limit = language.id === 'sql' ? MOST_SQL_BYTES : MOST_BYTES;
  if (file.bytes > limit) return none(`larger than ${limit / 1024 / 1024} MB`);
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(root, file.path));
  } catch (error) {
    return none(`cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'error'}`);
  }
  if (bytes.subarray(0, 8192).includes(0)) return none('not a text');
  const text = decode(bytes);
  if (language.id === 'typescript' && isLibrary(file.path, text)) return none('a library of somebody else');
  const whole = !CODE.has(language.id) || CONCERNS_STORES.test(text);
  return { found: whole ? language.structure(text, file.path) : language.outline(text, file.path), text };
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
