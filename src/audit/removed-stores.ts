/** Stores that a script removes as files (`rm -f data/shop.db`, `os.remove("shop.db")`), of those that are there. */
import { posix } from 'node:path';
import { globRegExp, isGlob } from '../code/graph/glob.ts';
import type { Mark } from '../code/roles/model.ts';
import type { Facts } from './model.ts';

const REMOVES = /^(?:rm|unlink|shred|truncate|del|trash)$/;
const CALLED = /(?:remove|unlink|unlinkSync|rm|rmSync|removeSync|deleteFile)\("([^"]+)"\)$/;

/** Ids, sorted. Where a script is started is not known: from the root or from its own folder. */
export function removedStores(path: string, marks: readonly Mark[], { code, stores }: Facts): readonly string[] {
  const own = posix.dirname(path);
  const commands = code.files.get(path)?.commands ?? [];
  const found = new Set<string>();
  const look = (spelled: string, cwd = ''): void => {
    const name = spelled.replace(/-(?:wal|shm|journal)$/, '');
    // What stands before is filled in: any folder.
    const open = /^\$(?:\{\w+\}|\w+|\([^)]*\))\/(.+)$/.exec(name)?.[1];
    if ((open ?? name).includes('$') || name.startsWith('/') || cwd.includes('$')) return;
    const meant = [...new Set(['', own])].map((base) => posix.join(base, cwd, name));
    const fits = (one: string): boolean =>
      open !== undefined
        ? one === open || one.endsWith(`/${open}`)
        : meant.some((place) => (isGlob(place) ? globRegExp(place).test(one) : place === one));
    const hits = stores.filter((store) => fits(store.path));
    if (open === undefined || hits.length === 1) for (const { id } of hits) found.add(id);
  };
  for (const { line, text } of marks) {
    const called = CALLED.exec(text)?.[1];
    if (called !== undefined) look(called);
    for (const { words, cwd, at } of commands) {
      const program = words.findIndex((word) => word !== 'sudo');
      if (at[2] !== line || !REMOVES.test((words[program] ?? '').replace(/^.*\//, ''))) continue;
      for (const word of words.slice(program + 1)) if (!word.startsWith('-')) look(word, cwd);
    }
  }
  return [...found].sort();
}
