/** Imports that name the path that a file had before it was renamed: broken, and yet they need that file (trap C9). */
import { posix } from 'node:path';
import type { ImportFact } from '../facts.ts';
import type { SourceTree } from '../resolve.ts';

/**
 * From what git says of renames (`--name-status -z`, newest first): former path → path now, later renames followed. Paths in use again and
 * files that are gone are left out.
 */
export function readRenames(log: string, paths: ReadonlySet<string>): ReadonlyMap<string, string> {
  const now = new Map<string, string>();
  const parts = log.split('\0').map((part) => part.replace(/^\n+/, ''));
  for (let i = 0; i + 2 < parts.length; ) {
    if (!/^R\d*$/.test(parts[i] as string)) {
      i++;
      continue;
    }
    const [before, after] = [parts[i + 1] as string, parts[i + 2] as string];
    i += 3;
    // Newest first: what the later path became is known already.
    const target = paths.has(after) ? after : now.get(after);
    if (target !== undefined && !paths.has(before) && !now.has(before)) now.set(before, target);
  }
  return now;
}

export interface Former {
  meantBy(from: string, fact: ImportFact): readonly string[];
}

const SUFFIX = /(?:\/__init__)?\.pyi?$|(?:\/index)?(?:\.d)?\.[cm]?[jt]sx?$|\.php$/;

/** Several files may have had one name: while it is not known which is meant, each is needed. */
export function createFormer(formerPaths: ReadonlyMap<string, string>, tree: SourceTree): Former {
  const byStem = new Map<string, Set<string>>();
  const byEnd = new Map<string, { stem: string; to: string }[]>();
  for (const [before, to] of formerPaths) {
    if (!tree.paths.has(to) || !SUFFIX.test(before)) continue;
    const stem = before.replace(SUFFIX, '');
    const known = byStem.get(stem);
    if (known === undefined) byStem.set(stem, new Set([to]));
    else known.add(to);
    const last = stem.slice(stem.lastIndexOf('/') + 1);
    const list = byEnd.get(last);
    if (list === undefined) byEnd.set(last, [{ stem, to }]);
    else list.push({ stem, to });
  }
  return {
    meantBy(from, fact) {
      if (byStem.size === 0 || fact.module === null) return [];
      const found = new Set<string>();
      for (const { stem, anchored } of stemsOf(from, fact, tree.facts.get(from)?.language === 'typescript')) {
        for (const to of byStem.get(stem) ?? []) found.add(to);
        if (anchored) continue;
        // A module's root may be any folder.
        for (const one of byEnd.get(stem.slice(stem.lastIndexOf('/') + 1)) ?? []) {
          if (one.stem.endsWith(`/${stem}`)) found.add(one.to);
        }
      }
      return [...found].sort();
    },
  };
}

interface Stem {
  readonly stem: string;
  /** From the project's root; else the end of a path. */
  readonly anchored: boolean;
}

function stemsOf(from: string, fact: ImportFact, isScript: boolean): readonly Stem[] {
  const module = fact.module as string;
  const folder = posix.dirname(from) === '.' ? '' : posix.dirname(from);
  if (isScript) {
    const plain = module.replace(/\?.*$/, '').replace(SUFFIX, '');
    if (/^\.{1,2}(?:\/|$)/.test(plain)) return [{ stem: posix.join(folder, plain), anchored: true }];
    // `@/lib/db`, `~/lib/db`, `src/lib/db`.
    const rest = plain.replace(/^[@~#]\//, '');
    return rest.includes('/') ? [{ stem: rest, anchored: false }] : [];
  }
  const relative = fact.level ?? 0;
  const dotted = module.replaceAll('.', '/');
  let base = dotted;
  if (relative > 0) {
    let up = folder;
    for (let i = 1; i < relative; i++) up = posix.dirname(up) === '.' ? '' : posix.dirname(up);
    base = posix.join(up, dotted);
  }
  if (base === '') return [];
  const members = fact.names.filter(({ name }) => name !== '*').map(({ name }) => `${base}/${name}`);
  return [base, ...members].map((stem) => ({ stem, anchored: relative > 0 || !stem.includes('/') }));
}
