/**
 * Places and lines of the picture, in units of a sixteenth of the reader's font size: a picture that grows with the text. Knows how
 * tall boxes are (the style gives them exactly these heights), not what they say.
 */
import type { Drawing } from './drawing.ts';
import { orderColumns } from './order.ts';
import { placeColumn, stacked } from './place.ts';

/** Heights that style.ts repeats. */
export const HEIGHTS = {
  store: 78,
  twin: 74,
  fileHead: 30,
  row: 24,
  context: 18,
  foot: 6,
  gap: 14,
} as const;

export interface Line {
  /** Positions of the boxes in the drawing: of code (or a twin) and of a store. */
  readonly from: number;
  readonly store: number;
  /** Row of the file. */
  readonly row: number;
  /** Heights at the left and at the right edge of the gutter. */
  readonly left: number;
  readonly right: number;
}

export interface Layout {
  readonly height: number;
  /** Tops, by position in the drawing. */
  readonly code: readonly number[];
  readonly stores: readonly number[];
  readonly twins: readonly number[];
  /** In which order they are read: top to bottom. */
  readonly order: {
    readonly code: readonly number[];
    readonly stores: readonly number[];
    readonly twins: readonly number[];
  };
  readonly codeLines: readonly Line[];
  readonly twinLines: readonly Line[];
}

export function layOut({ stores, code, twins }: Drawing): Layout {
  const at = new Map(stores.map((box, i) => [box, i]));
  const codeTargets = code.map(({ rows }) => rows.map(({ target }) => at.get(target) ?? 0));
  const twinTargets = twins.map(({ a, b }) => [at.get(a) ?? 0, at.get(b) ?? 0] as const);
  const order = orderColumns({ code: codeTargets, twins: twinTargets, groups: stores.map(({ group }) => group) });

  const rowTops = code.map(({ rows }) => topsOfRows(rows.map(({ contexts }) => contexts.length > 0)));
  const heights = {
    code: rowTops.map(({ height }) => height),
    stores: stores.map(() => HEIGHTS.store),
    twins: twins.map(() => HEIGHTS.twin),
  };
  const room = Math.max(...Object.values(heights).map((column) => stacked(column, HEIGHTS.gap)));

  // Stores are spread over the height that the fullest column needs; the others stand beside what they belong to.
  const spread = stores.length < 2 ? 0 : (room - HEIGHTS.store) / (stores.length - 1);
  const storeTops = placed(order.stores, heights.stores, room, (_, position) =>
    stores.length < 2 ? (room - HEIGHTS.store) / 2 : position * Math.min(spread, HEIGHTS.store * 2.5),
  );
  const middle = (store: number): number => (storeTops[store] ?? 0) + HEIGHTS.store / 2;
  const beside = (targets: readonly number[], height: number): number =>
    targets.reduce((sum, target) => sum + middle(target), 0) / Math.max(1, targets.length) - height / 2;
  const codeTops = placed(order.code, heights.code, room, (i) => beside(codeTargets[i] ?? [], heights.code[i] ?? 0));
  const twinTops = placed(order.twins, heights.twins, room, (i) => beside(twinTargets[i] ?? [], HEIGHTS.twin));

  const codeEnds = code.flatMap(({ rows }, from) =>
    rows.map((_, row) => ({
      from,
      row,
      store: codeTargets[from]?.[row] ?? 0,
      own: (codeTops[from] ?? 0) + (rowTops[from]?.middles[row] ?? 0),
    })),
  );
  const twinEnds = twinTargets.flatMap((pair, from) => {
    const [upper, lower] = [...pair].sort((x, y) => middle(x) - middle(y)) as [number, number];
    const top = twinTops[from] ?? 0;
    return [
      { from, row: 0, store: upper, own: top + HEIGHTS.twin * 0.35 },
      { from, row: 0, store: lower, own: top + HEIGHTS.twin * 0.65 },
    ];
  });
  const codePorts = ports(codeEnds, storeTops);
  const twinPorts = ports(twinEnds, storeTops);
  return {
    height: room,
    code: codeTops,
    stores: storeTops,
    twins: twinTops,
    order,
    codeLines: codeEnds.map(({ own, ...line }, i) => ({ ...line, left: own, right: codePorts[i] ?? 0 })),
    twinLines: twinEnds.map(({ own, ...line }, i) => ({ ...line, left: twinPorts[i] ?? 0, right: own })),
  };
}

/** Height of the box of a file and where the middles of its rows are; rows that say a context are taller. */
function topsOfRows(withContext: readonly boolean[]): { readonly height: number; readonly middles: readonly number[] } {
  let y: number = HEIGHTS.fileHead;
  const middles = withContext.map((context) => {
    const middle = y + HEIGHTS.row / 2;
    y += HEIGHTS.row + (context ? HEIGHTS.context : 0);
    return middle;
  });
  return { height: y + HEIGHTS.foot, middles };
}

function placed(
  order: readonly number[],
  heights: readonly number[],
  room: number,
  wish: (box: number, position: number) => number,
): readonly number[] {
  const wishes = order.map((box, position) => ({ height: heights[box] ?? 0, top: wish(box, position) }));
  const tops: number[] = [];
  for (const [position, top] of placeColumn(wishes, HEIGHTS.gap, room).entries()) tops[order[position] ?? 0] = top;
  return tops;
}

/** Lines that meet at a store arrive one below the other, in the order in which they come. */
function ports(
  ends: readonly { readonly store: number; readonly own: number }[],
  tops: readonly number[],
): readonly number[] {
  const at: number[] = [];
  for (const [store, top] of tops.entries()) {
    const own = ends.flatMap((end, i) => (end.store === store ? [i] : []));
    own.sort((a, b) => (ends[a]?.own ?? 0) - (ends[b]?.own ?? 0) || a - b);
    const step = Math.min(14, (HEIGHTS.store - 20) / Math.max(1, own.length - 1));
    const first = top + HEIGHTS.store / 2 - (step * (own.length - 1)) / 2;
    for (const [position, i] of own.entries()) at[i] = Math.round((first + position * step) * 10) / 10;
  }
  return at;
}
