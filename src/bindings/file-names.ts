/** Names in a file that are asked for from all over a project: what it calls, which settings it writes, which tables' models it declares. */
import { callsOf } from '../code/calls.ts';
import type { Assign, FileFacts } from '../code/facts.ts';

/** Each list without repetition. */
export interface FileNames {
  /** Last parts of what is called. */
  readonly calls: readonly string[];
  /** Keys and plain names that are assigned to. */
  readonly sets: readonly string[];
  /** Classes and constants that declare a table. */
  readonly models: readonly string[];
}

export function namesOf(facts: FileFacts): FileNames {
  const calls = new Set(callsOf(facts).map(({ name }) => name));
  const sets = new Set(facts.assigns.flatMap((assign) => settingName(assign) ?? []));
  return { calls: [...calls], sets: [...sets], models: [...modelsIn(facts)] };
}

/** `key` of `….key`, `…["key"]` and of the plain name. */
export function settingName({ to }: Assign): string | undefined {
  return /(?:^|\.|\[")([\w$-]+)(?:"\])?$/.exec(to)?.[1];
}

const MODEL_BASE = /^(?:Base|Model|SQLModel|DeclarativeBase|\w*Base|\w*Model|\w*Mixin)$/;
const TABLE_MAKER = /^(?:sqliteTable|pgTable|mysqlTable|Table|define)$/;

function modelsIn(facts: FileFacts): ReadonlySet<string> {
  const names = new Set<string>();
  const named = new Set(facts.assigns.filter(({ to }) => to === '__tablename__').map(({ scope }) => scope));
  facts.scopes.forEach((scope, number) => {
    if (scope.kind !== 'class' || scope.name === '') return;
    const derived = scope.bases?.some((base) => (base.k === 'member' || base.k === 'name') && MODEL_BASE.test(base.v));
    const decorated = scope.decorators?.some((one) => one.k === 'call' && one.fn.k === 'name' && one.fn.v === 'Entity');
    if (named.has(number) || derived === true || decorated === true) names.add(scope.name);
  });
  for (const { to, value } of facts.assigns) {
    if (value.k === 'call' && (value.fn.k === 'name' || value.fn.k === 'member') && TABLE_MAKER.test(value.fn.v))
      names.add(to);
  }
  return names;
}
