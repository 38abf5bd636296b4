/** Where boxes stand in a column: as near as possible to where they would like to be, in order, none over another. */

export interface Wish {
  readonly height: number;
  /** Where its top would like to be. */
  readonly top: number;
}

/**
 * Tops of the boxes of a column, least squares from the wishes: shifting each by what stands above it makes "none over another" mean
 * "not falling", which pooling adjacent violators solves exactly (Ayer et al. 1955). All within 0…`room` where they fit.
 */
export function placeColumn(wishes: readonly Wish[], gap: number, room: number): readonly number[] {
  const before: number[] = [];
  let used = 0;
  for (const { height } of wishes) {
    before.push(used);
    used += height + gap;
  }
  const most = Math.max(0, room - (used - gap));
  const pools: { sum: number; n: number }[] = [];
  for (const [i, { top }] of wishes.entries()) {
    let pool = { sum: top - (before[i] ?? 0), n: 1 };
    for (let last = pools.at(-1); last !== undefined && last.sum / last.n > pool.sum / pool.n; last = pools.at(-1)) {
      pools.pop();
      pool = { sum: last.sum + pool.sum, n: last.n + pool.n };
    }
    pools.push(pool);
  }
  const shifts = pools.flatMap(({ sum, n }) => Array<number>(n).fill(Math.min(most, Math.max(0, sum / n))));
  return shifts.map((shift, i) => Math.round(shift + (before[i] ?? 0)));
}

/** Height of boxes one below the other. */
export function stacked(heights: readonly number[], gap: number): number {
  return heights.reduce((sum, height) => sum + height + gap, heights.length === 0 ? 0 : -gap);
}
