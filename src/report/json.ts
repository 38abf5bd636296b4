/**
 * The JSON documents: the contract with programs. Absolute paths, digests and sketches stay inside; what is left holds names,
 * counts and evidence, no row values. The published schemas are made of the types in this file.
 */
import type { Diff } from '../audit/diff-model.ts';
import type { Audit, ProjectSummary } from '../audit/model.ts';
import type { Binding } from '../bindings/model.ts';
import type { Store, Table } from '../stores/model.ts';

export interface PublicTable extends Omit<Table, 'digest' | 'sketch'> {}

export interface PublicStore extends Omit<Store, 'tables' | 'migrations'> {
  readonly tables: readonly PublicTable[];
  readonly migrations: readonly Omit<Store['migrations'][number], 'digest'>[];
}

export interface AuditDocument extends Omit<Audit, 'project' | 'stores' | 'now' | 'code'> {
  readonly project: Omit<ProjectSummary, 'root'>;
  readonly stores: readonly PublicStore[];
  /** Which line of code opens which store. */
  readonly bindings: readonly Binding[];
  /** Source files that could not be read whole, and why. */
  readonly notParsed: readonly { readonly path: string; readonly read: 'tokens' | 'none'; readonly problem: string }[];
  /** When the audit was made, ISO 8601 UTC. */
  readonly at: string;
}

export interface ErrorDocument {
  readonly version: 1;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
}

export function auditDocument(audit: Audit): AuditDocument {
  const { version, project, stores, findings, now, code, ...rest } = audit;
  const { root: _root, ...summary } = project;
  return {
    version,
    at: new Date(now).toISOString(),
    project: summary,
    stores: stores.map(publicStore),
    bindings: code.bindings,
    notParsed: notParsed(code.files),
    findings,
    ...rest,
  };
}

function notParsed(files: Audit['code']['files']): AuditDocument['notParsed'] {
  return [...files].flatMap(([path, { read, problem }]) =>
    (read === 'tokens' || read === 'none') && problem !== undefined ? [{ path, read, problem }] : [],
  );
}

function publicStore(store: Store): PublicStore {
  return {
    ...store,
    tables: store.tables.map(({ digest: _digest, sketch: _sketch, ...table }) => table),
    migrations: store.migrations.map(({ digest: _digest, ...ledger }) => ledger),
  };
}

export function toJson(document: AuditDocument | Diff | ErrorDocument | object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
