/** What importers take of a module that another one lacks, or has as something else: a function that is async there, a value for a class (trap C8). */
import type { Code } from '../../audit/code-model.ts';
import { membersUsedBy } from '../../audit/members-used.ts';
import { usersOf } from '../../audit/users-of.ts';
import { compareExports } from '../../code/similar/exports-of.ts';
import type { OpenSite } from './model.ts';

/** `only`: importers that are meant; `null`: all. */
export function exportsCompared(
  code: Code,
  from: string,
  to: string,
  only: readonly string[] | null,
): readonly OpenSite[] {
  const [old, heir] = [code.structureOf(from), code.structureOf(to)];
  const { onlyA, kindDiffers } = compareExports(old, heir);
  const lacking = new Set(onlyA.filter((name) => !name.includes('.')));
  const members = new Set(
    onlyA.filter((name) => name.includes('.')).map((name) => name.slice(name.lastIndexOf('.') + 1)),
  );
  // A stand-in that becomes the real thing is what was wanted.
  const worse = kindDiffers.filter(({ a, b }) => a.replace(/^stub /, '') !== b);
  const other = new Map(worse.map(({ name, a, b }) => [name, `${a} in ${from}, ${b} in ${to}`]));
  const found: OpenSite[] = [];
  const textOf = (path: string): string =>
    Array.from({ length: code.files.get(path)?.lines ?? 0 }, (_, line) => code.lineOf(path, line + 1)).join('\n');
  const stem = from.replace(/(?:\/__init__)?\.\w+$/, '').replace(/^.*\//, '');
  for (const taken of usersOf(code.graph, from)) {
    // `from pkg import module`: the module itself, not a name of it.
    const own = old.exports.some(({ name }) => name === stem)
      ? undefined
      : taken.names.find(({ name }) => name === stem);
    const use = own === undefined ? taken : { ...taken, names: [], as: own.as };
    if (use.path === to || (only !== null && !only.includes(use.path))) continue;
    const say = (why: string): void => {
      found.push({ path: use.path, line: use.line, why, holds: true });
    };
    for (const { name } of use.names) {
      if (lacking.has(name)) say(`${to} has no ${name}`);
      else if (other.has(name)) say(`${name} is ${other.get(name)}`);
    }
    const all = use.names.some(({ name }) => name === '*') || use.names.length === 0;
    // Through the module's own name its classes are reached in more ways than are followed.
    const reached = all ? [...members].filter((name) => new RegExp(`\\.\\s*${name}\\b`).test(textOf(use.path))) : [];
    for (const name of reached) say(`${to} has no ${name}`);
    const used = membersUsedBy(use, new Set([...members, ...(all ? lacking : [])]), code);
    for (const name of used) say(`${to} has no ${name}`);
  }
  return found;
}
