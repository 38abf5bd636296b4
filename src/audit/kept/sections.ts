/**
 * A file of named parts that is read whole and written at once: a line that lists the parts, then their bytes. Replaced by
 * renaming, so that a reader sees the old one or the new one; whatever else it is counts as none.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Sections {
  /** The bytes of a part; empty where there is none. */
  bytes(name: string): Buffer;
  text(name: string): string;
}

interface Head {
  readonly format: string;
  readonly sections: readonly (readonly [name: string, start: number, length: number])[];
}

/** `undefined` where the file is absent, damaged or of another format. `format` names whatever changes what is in it. */
export function readSections(file: string, format: string): Sections | undefined {
  let all: Buffer;
  try {
    all = readFileSync(file);
  } catch {
    return undefined;
  }
  const end = all.indexOf(0x0a);
  const head = end < 0 ? undefined : parse(all.toString('utf8', 0, end));
  if (head?.format !== format) return undefined;
  const known = new Map(head.sections.map(([name, start, length]) => [name, { start: end + 1 + start, length }]));
  const last = head.sections.at(-1);
  if (last === undefined || all.length !== end + 1 + last[1] + last[2]) return undefined;
  const bytes = (name: string): Buffer => {
    const found = known.get(name);
    return found === undefined ? Buffer.alloc(0) : all.subarray(found.start, found.start + found.length);
  };
  return { bytes, text: (name) => bytes(name).toString('utf8') };
}

/** Throws what the file system throws; nothing is left behind then. Readable by its owner only. */
export function writeSections(file: string, format: string, parts: ReadonlyMap<string, string | Buffer>): void {
  const sections: [string, number, number][] = [];
  const bodies: Buffer[] = [];
  let start = 0;
  for (const [name, part] of parts) {
    const body = typeof part === 'string' ? Buffer.from(part) : part;
    sections.push([name, start, body.length]);
    bodies.push(body);
    start += body.length;
  }
  const head: Head = { format, sections };
  makeFolder(dirname(file));
  const made = `${file}.${process.pid}`;
  try {
    writeFileSync(made, Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...bodies]), { mode: 0o600 });
    renameSync(made, file);
  } catch (error) {
    rmSync(made, { force: true });
    throw error;
  }
}

/** `mkdirSync` with `recursive` never returns below a folder in which none can be made and none is missed, as in /proc. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
}

function parse(line: string): Head | undefined {
  try {
    const head = JSON.parse(line) as Head;
    return Array.isArray(head.sections) ? head : undefined;
  } catch {
    return undefined;
  }
}
