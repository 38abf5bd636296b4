/** What carrying back would do, for who is asked: done on private files, kept nowhere. */
import type { ProjectGround } from '../../apply/ground.ts';
import { holdStores, storesTouched } from '../../apply/hold-stores.ts';
import type { LaterLine } from '../../apply/model.ts';
import type { RecordedPath } from '../../disk/paths.ts';
import type { PreparedRollback } from '../rollback.ts';
import { laterRows, storesOfMerges, withLater } from './later-rows.ts';

/** The stores are held meanwhile. Throws what carrying throws. */
export function previewLater(
  ground: ProjectGround,
  { read, back }: PreparedRollback,
  changed: readonly RecordedPath[],
): Promise<readonly LaterLine[]> {
  return withLater(ground, read, 'carry', async (on) => {
    const stores = [...storesTouched(back.steps), ...storesOfMerges(on.merges)];
    const held = await holdStores(ground, [...new Set(stores)].sort());
    try {
      const looking = { ...on, put: () => ({ sha256: '', bytes: 0 }) };
      return (await laterRows(looking, changed, 'carry')).lines;
    } finally {
      await held.release();
    }
  });
}
