/** What a project consists of at one time, as an audit measured it: stores with their rows, modules that open them, findings by code. */
import type { StoreLine, Structure } from '../apply/model.ts';
import type { Audit } from '../audit/model.ts';
import type { Store } from '../stores/model.ts';

export function structureOf(audit: Pick<Audit, 'project' | 'stores' | 'findings' | 'code'>): Structure {
  const findings: Record<string, number> = {};
  for (const { code, severity } of audit.findings) {
    if (severity !== 'good') findings[code] = (findings[code] ?? 0) + 1;
  }
  const opening = audit.code.bindings.filter(({ target }) => target.kind === 'store').map(({ path }) => path);
  return {
    files: audit.project.files,
    stores: [...audit.stores].sort((x, y) => (x.path < y.path ? -1 : 1)).map(lineOf),
    findings: Object.fromEntries(Object.entries(findings).sort(([x], [y]) => (x < y ? -1 : 1))),
    connectionModules: new Set(opening).size,
  };
}

function lineOf(store: Store): StoreLine {
  const known = store.status === 'verified';
  const counts = store.tables.map(({ rows }) => rows);
  return {
    path: store.path,
    kind: store.kind,
    bytes: store.bytes,
    tables: known ? store.tables.length : null,
    // A table that could not be counted makes the sum unknown, not smaller.
    rows:
      known && counts.every((rows) => rows !== null)
        ? counts.reduce<number>((sum, rows) => sum + (rows ?? 0), 0)
        : null,
    role: store.role,
  };
}
