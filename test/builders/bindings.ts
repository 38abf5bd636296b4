/** Hand-made bindings: a line that opens a store, as the evaluation of code would say it. */
import type { Binding } from '../../src/bindings/model.ts';

/** `what`: a store's id, or a target of another kind. */
export function binding(
  path: string,
  line: number,
  what: string | Binding['target'],
  more: Partial<Binding> = {},
): Binding {
  const target = typeof what === 'string' ? ({ kind: 'store', store: what } as const) : what;
  return {
    path,
    line,
    spelling: 'sqlite3.connect(DB_PATH)',
    context: 'docker compose, service auth',
    store: typeof what === 'string' ? what : null,
    target,
    access: ['read'],
    tables: [],
    assumes: [],
    changesIf: [],
    confidence: 'proven',
    evidence: [],
    by: 'sqlite3.connect',
    purpose: 'application',
    ...more,
  };
}
