/**
 * In which order boxes stand in their columns so that few lines cross: the barycentre method for layered drawings (Sugiyama,
 * Tagawa, Toda 1981), the best of a fixed number of rounds, then neighbours change places while that helps. Deterministic: no
 * randomness, ties keep the order given.
 */

/** Boxes by position in their column. */
export interface Links {
  /** Per box of code: the stores its rows lead to, in the order of the rows. */
  readonly code: readonly (readonly number[])[];
  /** Per box of twins: its two stores. */
  readonly twins: readonly (readonly [number, number])[];
  /** Per store: what keeps it beside others of the same name. */
  readonly groups: readonly string[];
}

/** Per column: which box stands first, second … */
export interface Orders {
  readonly code: readonly number[];
  readonly stores: readonly number[];
  readonly twins: readonly number[];
}

const ROUNDS = 12;
const EXCHANGES = 6;

export function orderColumns(links: Links): Orders {
  let stores: readonly number[] = grouped(
    links.groups.map((_, i) => i),
    links.groups,
    (i) => i,
  );
  let best = sideOrders(links, stores);
  let least = cost(links, best);
  for (let round = 0; round < ROUNDS; round++) {
    stores = grouped(stores, links.groups, pullOnStores(links, sideOrders(links, stores)));
    const orders = sideOrders(links, stores);
    const costs = cost(links, orders);
    if (costs < least) [best, least] = [orders, costs];
  }
  return exchanged(links, best);
}

/** Whole groups change places with the group below them, stores with the one below them in their group. */
function exchanged(links: Links, orders: Orders): Orders {
  let best = orders;
  let least = cost(links, best);
  for (let round = 0; round < EXCHANGES; round++) {
    const before = least;
    for (let i = 0; i + 1 < best.stores.length; i++) {
      const candidate = sideOrders(links, swapped(best.stores, i, links.groups));
      const costs = cost(links, candidate);
      if (costs < least) [best, least] = [candidate, costs];
    }
    if (least === before) break;
  }
  return best;
}

function swapped(stores: readonly number[], i: number, groups: readonly string[]): readonly number[] {
  const groupAt = (position: number): string | undefined => groups[stores[position] ?? -1];
  if (groupAt(i) === groupAt(i + 1)) {
    return [...stores.slice(0, i), ...stores.slice(i + 1, i + 2), ...stores.slice(i, i + 1), ...stores.slice(i + 2)];
  }
  let from = i;
  while (from > 0 && groupAt(from - 1) === groupAt(i)) from--;
  let to = i + 2;
  while (to < stores.length && groupAt(to) === groupAt(i + 1)) to++;
  return [...stores.slice(0, from), ...stores.slice(i + 1, to), ...stores.slice(from, i + 1), ...stores.slice(to)];
}

/** Of two orders with as many crossings, the one with shorter lines; a long line is worth half a crossing. */
function cost(links: Links, orders: Orders): number {
  const at = positions(orders.stores);
  const [code, stores] = [orders.code.length, orders.stores.length];
  let length = 0;
  for (const [position, box] of orders.code.entries()) {
    for (const target of links.code[box] ?? []) {
      length += Math.abs((position + 0.5) / code - ((at[target] ?? 0) + 0.5) / stores);
    }
  }
  for (const [a, b] of links.twins) length += Math.abs((at[a] ?? 0) - (at[b] ?? 0)) / stores;
  return crossings(links, orders) + length / 2;
}

/** Code and twins stand where the stores are that they belong to. */
function sideOrders(links: Links, stores: readonly number[]): Orders {
  const at = positions(stores);
  const sorted = (of: readonly (readonly number[])[]): readonly number[] => {
    const mean = of.map((targets) => average(targets.map((target) => at[target] ?? 0)));
    return of.map((_, i) => i).sort((a, b) => (mean[a] ?? 0) - (mean[b] ?? 0) || a - b);
  };
  return { code: sorted(links.code), stores, twins: sorted(links.twins) };
}

/** Where the neighbours of each store are, code and partners alike, as parts of the column's height. */
function pullOnStores(links: Links, orders: Orders): (store: number) => number {
  const pulls: number[][] = links.groups.map(() => []);
  const pull = (store: number, to: number, of: number): void => {
    pulls[store]?.push((to + 0.5) / of);
  };
  const [code, stores] = [positions(orders.code), positions(orders.stores)];
  for (const [i, targets] of links.code.entries()) {
    for (const target of targets) pull(target, code[i] ?? 0, code.length);
  }
  for (const [a, b] of links.twins) {
    pull(a, stores[b] ?? 0, stores.length);
    pull(b, stores[a] ?? 0, stores.length);
  }
  const means = pulls.map((all, i) => (all.length === 0 ? ((stores[i] ?? 0) + 0.5) / stores.length : average(all)));
  return (store) => means[store] ?? 0;
}

/** Sorts by `key`, groups by the mean of theirs, so that the stores of a group stay beside each other. */
function grouped(
  order: readonly number[],
  groups: readonly string[],
  key: (store: number) => number,
): readonly number[] {
  const members = new Map<string, number[]>();
  for (const store of order) {
    const name = groups[store] ?? '';
    const known = members.get(name);
    if (known === undefined) members.set(name, [store]);
    else known.push(store);
  }
  return [...members.values()]
    .map((stores) => ({ stores: [...stores].sort((a, b) => key(a) - key(b)), mean: average(stores.map(key)) }))
    .sort((a, b) => a.mean - b.mean)
    .flatMap(({ stores }) => stores);
}

/** Pairs of lines that cross, in both gutters. */
function crossings(links: Links, orders: Orders): number {
  const at = positions(orders.stores);
  const ends = (order: readonly number[], of: readonly (readonly number[])[]): readonly (readonly number[])[] =>
    order.map((box) => (of[box] ?? []).map((target) => at[target] ?? 0));
  // Rows of a file leave it one below the other; both lines of a twin leave from one side, so their order is free.
  const rows = ends(orders.code, links.code).flatMap((targets) => targets.map((target) => [target]));
  const cards = ends(orders.twins, links.twins);
  return inversions(rows) + inversions(cards);
}

function inversions(of: readonly (readonly number[])[]): number {
  let n = 0;
  for (const [i, above] of of.entries()) {
    for (const below of of.slice(i + 1)) {
      for (const a of above) for (const b of below) if (a > b) n++;
    }
  }
  return n;
}

function positions(order: readonly number[]): readonly number[] {
  const at: number[] = [];
  for (const [position, box] of order.entries()) at[box] = position;
  return at;
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, one) => sum + one, 0) / values.length;
}
