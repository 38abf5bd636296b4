/**
 * What the picture shows of an audit: everything while that is legible; of a large project what is most involved, with the number
 * of what was left out. Nothing is left out of the sections below the picture.
 */
import type { Severity } from '../../audit/model.ts';
import { type Audited, byText } from './audited.ts';
import { type CodeBox, type CodeRow, codeBoxes } from './code-boxes.ts';
import { type StoreBox, type StoreBoxes, storeBoxes } from './store-boxes.ts';
import { TELLING, type TwinBox, twinBoxes } from './twin-boxes.ts';

export interface Drawing {
  /** Connected to code or to each other. */
  readonly stores: readonly StoreBox[];
  readonly code: readonly CodeBox[];
  readonly twins: readonly TwinBox[];
  /** Opened by no code, and in no pair of twins that is drawn. */
  readonly alone: readonly StoreBox[];
  /** How many are not drawn. */
  readonly left: {
    readonly stores: number;
    readonly code: number;
    readonly twins: number;
    /** Rows of files that are drawn. */
    readonly rows: number;
  };
  /** All boxes, drawn or not. */
  readonly all: StoreBoxes;
}

/** More than these are a tangle on any screen. */
export const MOST = { stores: 22, alone: 24, code: 20, rows: 8, lines: 64, twins: 20, lessTelling: 8 } as const;

const WORTH: Readonly<Record<Severity, number>> = { critical: 40, high: 20, medium: 8, low: 2, good: 0 };

export function drawingOf(audit: Audited): Drawing {
  const all = storeBoxes(audit);
  const files = codeBoxes(audit, all);
  const relations = twinBoxes(audit, all);
  const involved = new Map<StoreBox, number>();
  const involve = (box: StoreBox, by: number): void => {
    involved.set(box, (involved.get(box) ?? 0) + by);
  };
  for (const { rows } of files) for (const { target } of rows) involve(target, 3);
  for (const { a, b, weight } of relations) for (const box of [a, b]) involve(box, 0.1 + weight / 4);
  const score = (box: StoreBox): number =>
    (box.primary ? 60 : 0) + WORTH[box.worst ?? 'good'] + (involved.get(box) ?? 0) + Math.log10(1 + box.bytes) / 10;
  const ranked = [...all.boxes].sort((a, b) => score(b) - score(a) || byText(a.key, b.key));

  const candidates = ranked.filter((box) => involved.has(box));
  const chosen = new Set(candidates.slice(0, MOST.stores));
  const code = mostInvolved(files, chosen);
  const between = relations.filter(({ a, b }) => chosen.has(a) && chosen.has(b));
  const telling = between.filter(({ weight }) => weight >= TELLING);
  const twins = (telling.length >= MOST.lessTelling ? telling : between.slice(0, MOST.lessTelling)).slice(
    0,
    MOST.twins,
  );

  const connected = new Set([
    ...code.flatMap(({ rows }) => rows.map(({ target }) => target)),
    ...twins.flatMap(({ a, b }) => [a, b]),
  ]);
  const opened = new Set(files.flatMap(({ rows }) => rows.map(({ target }) => target)));
  const alone = ranked.filter((box) => !connected.has(box) && !opened.has(box)).slice(0, MOST.alone);
  const shownAlone = new Set(alone);
  const hidden = ranked.filter((box) => !connected.has(box) && !shownAlone.has(box));
  const filesOf = (boxes: readonly CodeBox[]): readonly string[] => boxes.flatMap((box) => box.files);
  const rowsOf = (boxes: readonly CodeBox[]): number => boxes.reduce((sum, { rows }) => sum + rows.length, 0);
  const drawn = new Set(filesOf(code));
  return {
    stores: ranked.filter((box) => connected.has(box)),
    code,
    twins,
    alone,
    left: {
      stores: hidden.reduce((sum, { stores }) => sum + Math.max(1, stores.length), 0),
      code: filesOf(files).length - drawn.size,
      twins: relations.length - twins.length,
      rows: rowsOf(files.filter((box) => box.files.some((path) => drawn.has(path)))) - rowsOf(code),
    },
    all,
  };
}

/** As many files as the gutter has room for lines. */
function mostInvolved(files: readonly CodeBox[], stores: ReadonlySet<StoreBox>): readonly CodeBox[] {
  const ranked = files
    .map((file) => ({ ...file, rows: tellingRows(file.rows.filter(({ target }) => stores.has(target))) }))
    .filter(({ rows }) => rows.length > 0)
    .sort((a, b) => rankOfCode(a) - rankOfCode(b) || sitesOf(b) - sitesOf(a) || byText(a.name, b.name));
  const shown: CodeBox[] = [];
  let lines = 0;
  for (const file of ranked) {
    lines += file.rows.length;
    if (shown.length === MOST.code || (lines > MOST.lines && shown.length > 0)) break;
    shown.push(file);
  }
  return shown;
}

/** Who writes matters more than who reads; shown in the order of the file again. */
function tellingRows(rows: readonly CodeRow[]): readonly CodeRow[] {
  if (rows.length <= MOST.rows) return rows;
  const worth = ({ access }: CodeRow): number => (access.includes('write') ? 0 : access.includes('ddl') ? 1 : 2);
  const kept = new Set([...rows].sort((a, b) => worth(a) - worth(b)).slice(0, MOST.rows));
  return rows.filter((row) => kept.has(row));
}

function sitesOf({ rows }: CodeBox): number {
  return rows.reduce((sum, { sites }) => sum + sites, 0);
}

/** What runs before what is run by hand, tests last. */
function rankOfCode({ purpose }: CodeBox): number {
  return purpose === null ? 0 : purpose === 'test' ? 2 : 1;
}
