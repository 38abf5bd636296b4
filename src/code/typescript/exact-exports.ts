/** Exports as the parser has them, for files whose `export const` says more than one name. */
import type { ParseResult } from 'oxc-parser';
import type { ExportFact } from '../facts.ts';
import type { Lines } from '../text-lines.ts';

/** What the scan found, and the names of declarations that only the parser saw. */
export function exactExports(
  module: ParseResult['module'],
  scanned: readonly ExportFact[],
  lines: Lines,
): readonly ExportFact[] {
  const known = new Set(scanned.map(({ name }) => name));
  const more: ExportFact[] = [];
  for (const { entries } of module.staticExports)
    for (const { exportName, moduleRequest, isType } of entries) {
      const { name, start, end } = exportName;
      if (exportName.kind !== 'Name' || name === null || moduleRequest !== null || known.has(name)) continue;
      known.add(name);
      const at = [start ?? 0, end ?? 0, lines.lineAt(start ?? 0)] as const;
      more.push({ name, kind: isType ? 'type' : 'value', at });
    }
  return more.length === 0 ? scanned : [...scanned, ...more].sort((x, y) => x.at[0] - y.at[0]);
}
