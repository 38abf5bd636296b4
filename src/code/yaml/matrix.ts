/** The combinations of a CI matrix, and a script said for each of them (trap C19). */
import { at, type ConfigNode, entriesOf, itemsOf, textOf } from '../config-tree.ts';
import { joined, partOf, type WrittenText } from '../written-text.ts';

export type Combination = ReadonlyMap<string, string>;

const MAX = 256;

/** `{ a: [1, 2], include: [...], exclude: [...] }`. Values that are maps give `a.b`. None: one empty combination. */
export function combinationsOf(matrix: ConfigNode | undefined): readonly Combination[] {
  let found: Map<string, string>[] = [];
  const axes = entriesOf(matrix).filter(
    ({ key, value }) => key !== 'include' && key !== 'exclude' && value.k === 'list',
  );
  for (const { key, value } of axes) {
    const before = found.length === 0 ? [new Map<string, string>()] : found;
    found = before
      .flatMap((combination) => itemsOf(value).map((item) => new Map([...combination, ...flat(key, item)])))
      .slice(0, MAX);
  }
  const excluded = itemsOf(at(matrix, 'exclude')).map((item) => flat('', item));
  found = found.filter(
    (combination) =>
      !excluded.some((one) => one.size > 0 && [...one].every(([key, value]) => combination.get(key) === value)),
  );
  const original = found.map((combination) => new Map(combination));
  for (const item of itemsOf(at(matrix, 'include'))) {
    const added = flat('', item);
    let fits = false;
    for (const [index, combination] of found.entries()) {
      // It extends what it does not contradict; what no combination takes is one of its own.
      const before = original[index];
      if (before === undefined || [...added].some(([key, value]) => before.has(key) && before.get(key) !== value))
        continue;
      fits = true;
      for (const [key, value] of added) combination.set(key, value);
    }
    if (!fits && found.length < MAX) found.push(new Map(added));
  }
  return found.length === 0 ? [new Map()] : found;
}

function flat(prefix: string, node: ConfigNode): Map<string, string> {
  const found = new Map<string, string>();
  const own = textOf(node);
  if (own !== undefined) found.set(prefix, own);
  for (const { key, value } of entriesOf(node)) {
    for (const [inner, text] of flat(prefix === '' ? key : `${prefix}.${key}`, value)) found.set(inner, text);
  }
  return found;
}

const HOLE = /\$\{\{\s*matrix\.([\w.-]+)\s*\}\}/g;

/** The script with `${{ matrix.x }}` filled in; one that names none is the same in each. Unknown names stay. */
export function forEach(
  script: WrittenText,
  combinations: readonly Combination[],
): readonly { readonly script: WrittenText; readonly combination: Combination }[] {
  const holes = [...script.text.matchAll(HOLE)];
  if (holes.length === 0) return [{ script, combination: combinations[0] ?? new Map() }];
  const seen = new Set<string>();
  return combinations.flatMap((combination) => {
    const parts: WrittenText[] = [];
    let from = 0;
    for (const hole of holes) {
      const value = combination.get(hole[1] as string);
      if (value === undefined) continue;
      const end = hole.index + hole[0].length;
      const start = hole.index;
      parts.push(partOf(script, from, start), { text: value, span: () => script.span(start, end) });
      from = end;
    }
    parts.push(partOf(script, from, script.text.length));
    const filled = joined(parts);
    if (seen.has(filled.text)) return [];
    seen.add(filled.text);
    return [{ script: filled, combination }];
  });
}

export const fill = (text: string, combination: Combination): string =>
  text.replace(HOLE, (whole, name: string) => combination.get(name) ?? whole);
