/** Where the file of a declared export is kept in the project, and which declaration a file has. */
import type { ExportSpec } from './model.ts';

export interface DeclaredExport {
  readonly name: string;
  readonly spec: ExportSpec;
  /** Of its file, relative to the project. */
  readonly path: string;
}

/** Those with a folder of their own. */
export function keptExports(exports: Readonly<Record<string, ExportSpec>>): readonly DeclaredExport[] {
  return Object.entries(exports).flatMap(([name, spec]): readonly DeclaredExport[] =>
    spec.to === null ? [] : [{ name, spec, path: spec.to === '.' ? spec.file : `${spec.to}/${spec.file}` }],
  );
}
