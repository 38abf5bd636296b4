/** Tables that a script makes for itself, to try something: by their names, and because it makes them (`CREATE TABLE test_x`). */
import type { FileFacts, SqlUse } from '../code/facts.ts';
import { rootsOf, walkExpr } from '../code/walk-expr.ts';

const TRIED = /(?:^|_)(?:tests?|testing|tmp|temp|scratch|probe|dummy|sandbox|playground)(?:_|\d|$)/i;

/** In lower case: `tried` are those that only this file makes for itself, as far as it tells; `made` are all. */
export interface OwnTables {
  readonly tried: readonly string[];
  readonly made: readonly string[];
}

export function ownTables(facts: FileFacts): OwnTables {
  const made = new Set<string>();
  const tried = new Set<string>();
  const look = (uses: readonly SqlUse[]): void => {
    for (const { verb, table } of uses) {
      if (!/^create (?:temp )?table/.test(verb) || table === '?') continue;
      const name = table.toLowerCase();
      made.add(name);
      if (TRIED.test(name) || verb.startsWith('create temp')) tried.add(name);
    }
  };
  look(facts.sql);
  for (const { value } of rootsOf(facts)) {
    walkExpr(value, (expr) => {
      if (expr.k === 'sql') look(expr.uses);
    });
  }
  return { tried: [...tried], made: [...made] };
}
