/** How long actions take and what they free, from rates that were measured on this machine; never a guess of a person. */
import { size } from '../audit/wording.ts';
import type { LockedAction, Rates } from './lock-model.ts';

/** Of a laptop with a disk of ten years ago; only where nothing could be measured. */
export const SLOW_RATES: Rates = { read: 100_000_000, write: 50_000_000, fsync: 0.01, edit: 0.001 };

/** Every content that goes is read, written to the vault and read back; every step is on the disk before the next batch. */
export function secondsOf({ steps, hunks, bytes }: Omit<LockedAction, 'seconds'>, rates: Rates): number {
  const files = new Set(hunks.map(({ path }) => path)).size;
  const contents = steps.filter(({ op }) => op === 'put' || op === 'remove').length;
  const seconds =
    (2 * bytes.vault) / rates.read +
    (bytes.vault + bytes.changed) / rates.write +
    (steps.length + contents) * rates.fsync +
    files * rates.edit;
  return Math.max(0.1, Math.round(seconds * 10) / 10);
}

/** Less is nothing that anybody decides by. */
const NOTEWORTHY = 1000;

/** `0.2 s, frees 1.9 MB, keeps 160 kB in the vault`. */
export function takes({ bytes, seconds }: Pick<LockedAction, 'bytes' | 'seconds'>): string {
  const parts = [`${inWords(seconds)}`];
  if (bytes.freed >= NOTEWORTHY) parts.push(`frees ${size(bytes.freed)}`);
  if (bytes.vault >= NOTEWORTHY) parts.push(`keeps ${size(bytes.vault)} in the vault`);
  return parts.join(', ');
}

export function inWords(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}
