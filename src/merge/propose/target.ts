/** Which store of a group the others are merged into, and why: the one that was asked for, else the one that the audit elected. */
import type { StoreGroup } from '../../audit/model.ts';
import type { MergeFacts } from './model.ts';

/** `null`: nothing elects one; people must name it. */
export function targetOf(
  group: StoreGroup,
  asked: string | undefined,
  { stores }: Pick<MergeFacts, 'stores'>,
): string | null {
  const path = (id: string): string | null => stores.find((one) => one.id === id)?.path ?? null;
  if (asked !== undefined && group.stores.some((id) => path(id) === asked)) return asked;
  return group.primary === null ? null : path(group.primary);
}

export function electedBecause(
  target: string,
  { stores, groups }: Pick<MergeFacts, 'stores' | 'groups'>,
): readonly string[] {
  const id = stores.find(({ path }) => path === target)?.id;
  const group = groups.find((one) => id !== undefined && one.stores.includes(id));
  if (group === undefined) return ['it was named'];
  const reasons = group.candidates.find(({ store }) => store === id)?.reasons ?? [];
  return group.primary === id ? reasons : ['it was named', ...reasons];
}
