/** What is gathered of a file's imports and exports while its words are read. */
import type { ExportFact, ImportFact, ReferenceFact } from '../facts.ts';
import type { Lines } from '../text-lines.ts';

export interface ModuleDraft {
  readonly text: string;
  readonly lines: Lines;
  readonly imports: ImportFact[];
  readonly exports: ExportFact[];
  readonly references: ReferenceFact[];
  /** Exported under a name that is declared elsewhere in the file: its kind is looked for at the end. */
  readonly pending: { readonly index: number; readonly local: string }[];
  /** `export const` with more than one plain name: only a parser knows them all. */
  unsure: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function addImport(
  draft: ModuleDraft,
  fact: Omit<ImportFact, 'scope' | 'at' | 'guarded'> & { readonly guarded?: boolean },
  start: number,
  end: number,
): void {
  const at = [start, end, draft.lines.lineAt(start)] as const;
  // Written out: copying what is left of an object costs more than all the rest.
  const made: Mutable<ImportFact> = { module: fact.module, names: fact.names, kind: fact.kind, scope: 0, at };
  if (fact.as !== undefined) made.as = fact.as;
  if (fact.guarded) made.guarded = true;
  draft.imports.push(made);
}

export function addExport(draft: ModuleDraft, fact: Omit<ExportFact, 'at'>, start: number, end: number): void {
  draft.exports.push({ ...fact, at: [start, end, draft.lines.lineAt(start)] });
}
