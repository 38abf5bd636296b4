/**
 * The boxes of the left column: one for each file of code, one row in it for each thing that the file opens. Where there are many
 * files, those of one folder that open the same share a box.
 */
import { groupBy } from '../../audit/group-by.ts';
import { count } from '../../audit/wording.ts';
import type { Binding, BindingAccess, BindingConfidence } from '../../bindings/model.ts';
import { type Audited, byText, CONFIDENCES } from './audited.ts';
import type { StoreBox, StoreBoxes } from './store-boxes.ts';
import { folderOf } from './store-label.ts';

export interface CodeRow {
  /** Empty where the box stands for several files. */
  readonly lines: readonly number[];
  /** How many lines of code do it. */
  readonly sites: number;
  readonly target: StoreBox;
  readonly access: readonly BindingAccess[];
  /** Of the surest way in which it happens. */
  readonly confidence: BindingConfidence;
  /** Only where one line opens different stores: then the context is what decides. */
  readonly contexts: readonly string[];
}

export interface CodeBox {
  readonly files: readonly string[];
  readonly name: string;
  /** `null`: part of the running application, at least in parts. */
  readonly purpose: 'test' | 'migration' | 'script' | null;
  readonly rows: readonly CodeRow[];
}

/** Up to so many files have a box each. */
const MOST_SINGLE = 12;

export function codeBoxes(audit: Audited, stores: StoreBoxes): readonly CodeBox[] {
  const files = [...groupBy(audit.bindings, ({ path }) => path)].sort(([a], [b]) => byText(a, b));
  const boxes = files.map(([path, bindings]) => ({
    files: [path],
    name: path,
    purpose: purposeOf(bindings),
    rows: rowsOf(bindings, stores),
  }));
  if (boxes.length <= MOST_SINGLE) return boxes;
  const alike = groupBy(boxes, ({ name, purpose, rows }) =>
    JSON.stringify([folderOf(name), purpose, rows.map(({ target }) => target.key).sort()]),
  );
  return [...alike.values()].map(together);
}

function together(boxes: readonly CodeBox[]): CodeBox {
  const [first, second] = boxes as readonly [CodeBox, ...CodeBox[]];
  if (second === undefined) return first;
  const files = boxes.flatMap((box) => box.files);
  return {
    files,
    name: `${count(files.length, 'file')} in ${folderOf(first.name)}`,
    purpose: first.purpose,
    rows: first.rows.map((row): CodeRow => {
      const all = boxes.flatMap(({ rows }) => rows.filter(({ target }) => target === row.target));
      return {
        lines: [],
        sites: all.reduce((sum, { sites }) => sum + sites, 0),
        target: row.target,
        access: accessOf(all),
        confidence: surest(all),
        contexts: [...new Set(all.flatMap(({ contexts }) => contexts))].sort(byText),
      };
    }),
  };
}

function purposeOf(bindings: readonly Binding[]): CodeBox['purpose'] {
  const [first] = bindings;
  if (first === undefined || first.purpose === 'application') return null;
  return bindings.every(({ purpose }) => purpose === first.purpose) ? first.purpose : null;
}

function rowsOf(bindings: readonly Binding[], stores: StoreBoxes): readonly CodeRow[] {
  const rows = new Map<StoreBox, Binding[]>();
  const targetsOfLine = new Map<number, Set<StoreBox>>();
  for (const binding of bindings) {
    for (const target of stores.targets(binding)) {
      const row = rows.get(target);
      if (row === undefined) rows.set(target, [binding]);
      else row.push(binding);
      const known = targetsOfLine.get(binding.line);
      if (known === undefined) targetsOfLine.set(binding.line, new Set([target]));
      else known.add(target);
    }
  }
  return [...rows.entries()]
    .map(([target, own]): CodeRow => {
      const split = own.filter(({ line }) => (targetsOfLine.get(line)?.size ?? 0) > 1);
      const lines = [...new Set(own.map(({ line }) => line))].sort((a, b) => a - b);
      return {
        lines,
        sites: lines.length,
        target,
        access: accessOf(own),
        confidence: surest(own),
        contexts: [...new Set(split.map(({ context }) => context))].sort(byText),
      };
    })
    .sort((a, b) => (a.lines[0] ?? 0) - (b.lines[0] ?? 0) || byText(a.target.key, b.target.key));
}

function accessOf(of: readonly { readonly access: readonly BindingAccess[] }[]): readonly BindingAccess[] {
  const all = new Set(of.flatMap(({ access }) => access));
  return (['read', 'write', 'ddl'] as const).filter((one) => all.has(one));
}

function surest(of: readonly { readonly confidence: BindingConfidence }[]): BindingConfidence {
  return CONFIDENCES.find((one) => of.some(({ confidence }) => confidence === one)) ?? 'unknown';
}
