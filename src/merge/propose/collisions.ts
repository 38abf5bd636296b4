/** Ids that two stores gave to different rows of one table (trap R1), as far as they were compared. */
import { sameName } from './divide.ts';
import type { MergeFacts } from './model.ts';

export function idCollisions(a: string, b: string, table: string, { relations }: MergeFacts): number {
  if (a === b) return 0;
  const found = relations.find((one) => [one.a, one.b].includes(a) && [one.a, one.b].includes(b));
  return (found?.tables ?? [])
    .filter((one) => sameName(one.a.table, table) || sameName(one.b.table, table))
    .reduce((sum, one) => sum + one.idCollisions, 0);
}
