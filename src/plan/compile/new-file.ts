/** Files that a plan brings: their state follows from their text. */
import { createHash } from 'node:crypto';
import type { FileState } from '../../disk/path-state.ts';

/** Everybody may read what comes with a project; the owner writes it. */
const MODE = 0o644;

export function fileOf(
  text: string | Uint8Array,
  mode: number = MODE,
): { readonly want: FileState; readonly content: Uint8Array } {
  const content = typeof text === 'string' ? Buffer.from(text) : text;
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { want: { kind: 'file', sha256, bytes: content.byteLength, mode }, content };
}
