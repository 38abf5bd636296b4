/** Lines of a tree as text; what goes, comes or changes is marked in front. */
import { printable } from '../printable.ts';
import type { TreeLine } from './structure.ts';

export function treeText(lines: readonly TreeLine[]): string {
  return lines
    .map(({ depth, name, note, mark }) =>
      `${mark} ${'  '.repeat(depth)}${printable(name)}${note === '' ? '' : `  (${note})`}`.trimEnd(),
    )
    .join('\n');
}
