/** Reads one source file: its bytes, what they digest to, its facts and its fingerprint. Synchronous, and of nothing but the file. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyFacts } from './empty-facts.ts';
import type { FileFacts, Language, LanguageId } from './facts.ts';
import { CONCERNS_STORES } from './names-store.ts';
import { fingerprint } from './similar/fingerprint.ts';

export interface Task {
  /** Relative to the project. */
  readonly path: string;
  readonly bytes: number;
  readonly language: LanguageId;
  /** Digest of the content whose facts are known already. */
  readonly known?: string;
}

export interface ReadFile {
  /** '' where the bytes were not read. */
  readonly content: string;
  /** Absent where the content is the known one. */
  readonly facts?: FileFacts;
  readonly hashes?: Uint32Array;
}

/** Whether a file is one of those that near-copies are looked for among. */
export type Compared = (path: string, facts: FileFacts) => boolean;

/** A larger source file is a dump or a bundle. SQL has a limit of its own. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_SQL_BYTES = 64 * 1024 * 1024;

/** Languages whose outline and structure are one thing or the other. */
export const CODE: ReadonlySet<LanguageId> = new Set<LanguageId>(['python', 'typescript', 'php']);

/** The bytes of a file of the project: of the disk, or as an imagined project has them. */
export type ReadBytes = (path: string) => Buffer;

export const fromDisk =
  (root: string): ReadBytes =>
  (path) =>
    readFileSync(join(root, path));

export function readOne(read: ReadBytes, task: Task, language: Language, compared: Compared): ReadFile {
  const none = (problem: string, content = ''): ReadFile => ({
    content,
    facts: { ...emptyFacts(language.id, 'none', 0), problem },
  });
  const limit = language.id === 'sql' ? MOST_SQL_BYTES : MOST_BYTES;
  if (task.bytes > limit) return none(`larger than ${limit / 1024 / 1024} MB`);
  let bytes: Buffer;
  try {
    bytes = read(task.path);
  } catch (error) {
    return none(`cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'error'}`);
  }
  const content = createHash('sha1').update(bytes).digest('base64url');
  if (content === task.known) return { content };
  if (bytes.subarray(0, 8192).includes(0)) return none('not a text', content);
  const text = decode(bytes);
  if (language.id === 'typescript' && isLibrary(task.path, text)) return none('a library of somebody else', content);
  const whole = !CODE.has(language.id) || CONCERNS_STORES.test(text);
  const facts = whole ? language.structure(text, task.path) : language.outline(text, task.path);
  return compared(task.path, facts) ? { content, facts, hashes: fingerprint(text, language.id) } : { content, facts };
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
export function decode(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}
