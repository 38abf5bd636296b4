/**
 * Finds many generated JSON files of one shape in one folder tree (trap X5): state that a program left, told as one thing.
 * Members are not listed as stores of their own.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Git } from '../project/git.ts';
import type { FileEntry } from '../project/walk.ts';
import type { FileFamily } from './model.ts';

/** Fewer files than this are files, not a family. */
const MEMBERS = 8;
/** Share of the members that have a key, for it to belong to the shape. */
const COMMON = 0.9;
/** Members whose keys are read: all of a small family, evenly spread ones of a large one. */
const READ = 60;
const HEAD_BYTES = 16 * 1024;
/** Larger files are data, not state. */
const MEMBER_BYTES = 1024 * 1024;
const CONFIGURATION =
  /^(package(-lock)?|tsconfig.*|composer|manifest.*|.*\.config|.*\.schema|settings|launch|tasks|extensions|project|nx|lerna|turbo|vercel|firebase|angular|jest|biome|deno|bower|.*rc)\.json$/i;

export interface Families {
  readonly families: readonly FileFamily[];
  readonly members: ReadonlySet<string>;
}

export function findFamilies(root: string, files: readonly FileEntry[], git: Pick<Git, 'state'> | null): Families {
  const groups = new Map<string, FileEntry[]>();
  for (const file of files) {
    if (!file.path.endsWith('.json') || file.bytes === 0 || file.bytes > MEMBER_BYTES || file.link !== undefined)
      continue;
    if (CONFIGURATION.test(basename(file.path))) continue;
    const key = `${dirname(file.path)}\0${patternOf(basename(file.path))}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const families: FileFamily[] = [];
  const members = new Set<string>();
  for (const group of mergeByFolder(groups)) {
    if (group.length < MEMBERS) continue;
    const keys = commonKeys(root, group);
    if (keys === undefined) continue;
    for (const { path } of group) members.add(path);
    families.push(describe(group, keys, git));
  }
  return { families: families.sort((x, y) => (x.folder < y.folder ? -1 : 1)), members };
}

/** The name with what varies as `*`: numbers, hex strings, dates, UUIDs. */
function patternOf(name: string): string {
  return name.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}|\d+([-_T:.]\d+)*/gi, '*').replace(/\*([-_.]?\*)+/g, '*');
}

/** Small groups of one folder whose names vary in words are one group. */
function mergeByFolder(groups: ReadonlyMap<string, readonly FileEntry[]>): readonly (readonly FileEntry[])[] {
  const rest = new Map<string, FileEntry[]>();
  const whole: (readonly FileEntry[])[] = [];
  for (const [key, group] of groups) {
    const folder = key.slice(0, key.indexOf('\0'));
    if (group.length >= MEMBERS) whole.push(group);
    else rest.set(folder, [...(rest.get(folder) ?? []), ...group]);
  }
  return [...whole, ...rest.values()];
}

/** Top-level keys that nearly all members share, at least two; `undefined` where they have no shape in common. */
function commonKeys(root: string, group: readonly FileEntry[]): readonly string[] | undefined {
  const step = Math.max(1, Math.floor(group.length / READ));
  const read = group.filter((_, i) => i % step === 0);
  const counts = new Map<string, number>();
  for (const { path } of read) {
    const keys = topLevelKeys(join(root, path));
    if (keys === undefined) continue;
    for (const key of new Set(keys)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const common = [...counts].filter(([, count]) => count >= read.length * COMMON).map(([key]) => key);
  const rare = [...counts].filter(([, count]) => count === 1).length;
  return common.length >= 2 && rare <= read.length ? common.sort() : undefined;
}

/** Keys of the outermost object within the first bytes; `undefined` where the file is no object or cannot be read. */
function topLevelKeys(path: string): readonly string[] | undefined {
  let text: string;
  try {
    const fd = openSync(path, 'r');
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      text = head.toString('utf8', 0, readSync(fd, head, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
  if (!/^\uFEFF?\s*\{/.test(text)) return undefined;
  const keys: string[] = [];
  let depth = 0;
  for (const match of text.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?|[{}[\]]/g)) {
    const [token, name, colon] = match;
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth === 1 && colon !== undefined && name !== undefined) keys.push(name);
  }
  return keys;
}

function describe(group: readonly FileEntry[], keys: readonly string[], git: Pick<Git, 'state'> | null): FileFamily {
  const times = group.map(({ mtimeNs }) => Number(mtimeNs / 1_000_000n));
  const patterns = new Map<string, number>();
  for (const { path } of group)
    patterns.set(patternOf(basename(path)), (patterns.get(patternOf(basename(path))) ?? 0) + 1);
  const [pattern = '*.json'] = [...patterns].sort((x, y) => y[1] - x[1])[0] ?? [];
  return {
    folder: dirname(group[0]?.path ?? ''),
    format: 'json',
    files: group.length,
    bytes: group.reduce((sum, { bytes }) => sum + bytes, 0),
    oldest: new Date(Math.min(...times)).toISOString(),
    newest: new Date(Math.max(...times)).toISOString(),
    keys,
    pattern: patterns.size > 3 ? '*.json' : pattern,
    tracked: group.filter(({ path }) => git?.state(path) === 'tracked' || git?.state(path) === 'ignored-tracked')
      .length,
    example: group[0]?.path ?? '',
  };
}
