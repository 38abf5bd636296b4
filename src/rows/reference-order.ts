/**
 * Tables in order of their references, those that are referred to first. Tables that refer to each other in a circle are one knot (strongly
 * connected components; Tarjan, "Depth-first search and linear graph algorithms", 1972).
 */

/** `refersTo`: positions of the tables that the table at this position refers to. Each knot lists its tables in their given order. */
export function knots(refersTo: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const stack: number[] = [];
  const found: (readonly number[])[] = [];
  const lowOf = (table: number): number => low.get(table) ?? 0;
  const visit = (table: number): void => {
    index.set(table, index.size);
    low.set(table, index.get(table) ?? 0);
    stack.push(table);
    for (const parent of refersTo[table] ?? []) {
      if (!index.has(parent)) visit(parent);
      if (stack.includes(parent)) low.set(table, Math.min(lowOf(table), lowOf(parent)));
    }
    if (lowOf(table) !== index.get(table)) return;
    const knot = stack.splice(stack.indexOf(table));
    found.push(knot.sort((a, b) => a - b));
  };
  for (const table of refersTo.keys()) if (!index.has(table)) visit(table);
  return found;
}
