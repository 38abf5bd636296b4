/** Who opens a store: lines of code that do, apart from tests and migrations, and those that change it. */
import type { Binding } from '../bindings/model.ts';

export interface CodeUse {
  /** Lines of the application that open it. */
  readonly users: readonly Binding[];
  /** Of those, lines through which rows are written or tables made. */
  readonly writers: readonly Binding[];
}

export function codeUse(store: string, bindings: readonly Binding[]): CodeUse {
  const users = bindings.filter(
    (binding) => binding.purpose === 'application' && binding.confidence !== 'unknown' && opens(binding, store),
  );
  return { users, writers: users.filter(writes) };
}

export const opens = ({ store, target }: Binding, id: string): boolean =>
  store === id || (target.kind === 'family' && target.stores.includes(id));

export const writes = ({ access, tables }: Binding): boolean =>
  access.some((one) => one !== 'read') || tables.some((use) => use.access !== 'read');

export const reads = ({ access, tables }: Binding): boolean =>
  access.includes('read') || tables.some((use) => use.access === 'read');
