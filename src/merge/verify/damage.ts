/** Whether SQLite finds the merged file whole: no message that the target had not before. A third of a verification. */
import type { Connection } from '../../stores/sqlite/driver.ts';

/** Messages of a check that are compared with those of the state before. */
const MESSAGES = 100;

/** `null`: it is as whole as the target was. The merged file is attached as `mrg`, the target as `tgt`. */
export function damageOf(db: Connection, hasTarget: boolean): string | null {
  const check = (schema: string): readonly string[] => {
    try {
      return db.rows(`PRAGMA ${schema}.integrity_check(${MESSAGES})`).map(([message]) => String(message));
    } catch (error) {
      return [(error as Error).message];
    }
  };
  const after = check('mrg');
  if (after.length === 1 && after[0] === 'ok') return null;
  const before = new Set(hasTarget ? check('tgt') : []);
  const added = after.filter((message) => !before.has(message));
  return added.length === 0 ? null : (added[0]?.split('\n')[0]?.slice(0, 200) ?? '');
}
