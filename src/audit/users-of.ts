/** Who takes what from a module, also through barrels that hand it on: what would break if it went. */
import { purposeOf } from '../bindings/purpose.ts';
import type { ImportEdge, ImportGraph } from '../code/graph/model.ts';

export interface ModuleUse {
  readonly path: string;
  readonly line: number;
  /** Names as the module exports them. `*`: all of them; empty: the module itself, under `as`. */
  readonly names: readonly { readonly name: string; readonly as: string }[];
  readonly as?: string;
  readonly purpose: ReturnType<typeof purposeOf>;
}

const BARRELS = 6;

/** Types, guesses and texts (mock targets) are left out; ordered by path and line. */
export function usersOf(graph: ImportGraph, path: string): readonly ModuleUse[] {
  const found: ModuleUse[] = [];
  const seen = new Set<string>();
  /** `renamed`: name as the barrel gives it → name as the module has it; `null`: every name as it is. */
  const follow = (at: string, renamed: ReadonlyMap<string, string> | null, depth: number): void => {
    for (const edge of graph.edgesTo(at)) {
      const { from, fact } = edge;
      if (!counts(edge) || from === path) continue;
      const original = (name: string): string | undefined => (renamed === null ? name : renamed.get(name));
      const names = fact.names.flatMap(({ name, as }) => {
        const own = name === '*' ? '*' : original(name);
        return own === undefined ? [] : [{ name: own, as }];
      });
      // Of a barrel taken whole or by other names, this module is not what is meant.
      if (renamed !== null && names.length === 0 && fact.names.length > 0) continue;
      const handsOn = fact.kind === 'reexport' || /(?:^|\/)__init__\.py$/.test(from);
      if (handsOn && depth < BARRELS) {
        const key = `${from}\n${JSON.stringify(names)}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const all = names.some(({ name }) => name === '*');
        follow(from, all ? renamed : new Map(names.map(({ name, as }) => [as, name])), depth + 1);
        if (fact.kind === 'reexport') continue;
      }
      const whole = fact.as === undefined ? {} : { as: fact.as };
      found.push({ path: from, line: fact.at[2], names, ...whole, purpose: purposeOf(from) });
    }
  };
  follow(path, null, 0);
  return found.sort((x, y) => (x.path < y.path ? -1 : x.path > y.path ? 1 : x.line - y.line));
}

function counts({ how, fact }: ImportEdge): boolean {
  return (how === 'module' || how === 'member' || how === 'computed') && fact.kind !== 'type' && fact.kind !== 'text';
}
