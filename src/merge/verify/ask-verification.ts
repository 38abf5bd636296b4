/** A merge verified by two children at once: one compares rows, the other asks SQLite whether the file is whole. */
import type { Pool } from '../../stores/child/pool.ts';
import type { MergeVerification } from '../model.ts';
import { damaged } from './found.ts';
import type { VerifyRequest } from './verify-merge.ts';

/** Throws `UnreadableStore` where a file cannot be read, or takes too long. `seconds`: of each of the two. */
export async function askVerification(
  pool: Pool,
  request: Omit<VerifyRequest, 'damage'>,
  seconds: number,
): Promise<MergeVerification> {
  const { merged, files } = request;
  const [whole, rows] = await Promise.allSettled([
    pool.ask('damageOfMerge', { target: files.target, merged }, seconds),
    pool.ask('verifyMerge', { ...request, damage: 'asked elsewhere' }, seconds),
  ]);
  if (whole.status === 'rejected') throw whole.reason;
  // Whatever became of rows in a damaged file says nothing.
  if (whole.value.damage !== null) return damaged(whole.value.damage);
  if (rows.status === 'rejected') throw rows.reason;
  return rows.value;
}
