/** A merge verified by two children at once: what there is to read is divided between them by the size of the files. */
import { statSync } from 'node:fs';
import type { Pool } from '../../stores/child/pool.ts';
import type { MergeVerification } from '../model.ts';
import { damaged } from './found.ts';
import { type Share, together } from './share.ts';
import type { VerifyRequest } from './verify-merge.ts';

/** What a byte costs, beside one of a source whose rows are compared: measured with a million rows and an index. */
const WHOLE = 0.8;
const TARGET = 0.7;

/** Throws `UnreadableStore` where a file cannot be read, or takes too long. `seconds`: of each of the two. */
export async function askVerification(pool: Pool, request: VerifyRequest, seconds: number): Promise<MergeVerification> {
  const [first, second] = await Promise.allSettled(
    divided(request).map((share) => pool.ask('verifyShare', { ...request, share }, seconds)),
  );
  if (first?.status !== 'fulfilled') throw first?.reason;
  // Whoever compared rows of a damaged file at the same time may have failed over it.
  if (first.value.damage !== null) return damaged(first.value.damage);
  if (second?.status !== 'fulfilled') throw second?.reason;
  return together([first.value, second.value]);
}

/** The first asks whether the file is whole, the second looks at the target; each source goes to whom has less to do. */
export function divided({ merged, files }: Pick<VerifyRequest, 'merged' | 'files'>): readonly [Share, Share] {
  const loads: [number, number] = [WHOLE * bytesOf(merged), files.target === null ? 0 : TARGET * bytesOf(files.target)];
  const sources: [number[], number[]] = [[], []];
  const byBytes = files.sources.map((file, i) => ({ i, bytes: bytesOf(file) })).sort((x, y) => y.bytes - x.bytes);
  for (const { i, bytes } of byBytes) {
    const to = loads[0] < loads[1] ? 0 : 1;
    loads[to] += bytes;
    sources[to].push(i);
  }
  return [
    { damage: true, sources: sources[0].sort((x, y) => x - y), target: false },
    { damage: false, sources: sources[1].sort((x, y) => x - y), target: true },
  ];
}

/** A file that is not there costs nothing: whoever opens it says so. */
function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
