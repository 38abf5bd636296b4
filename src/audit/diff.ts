/**
 * `diff A B`: what two stores have in common, row by row, always exactly. Either may lie outside the project and be of
 * any kind. Row values leave the stores only with `showValues`.
 */
import { resolve } from 'node:path';
import { openCache } from './cache.ts';
import type { Diff, DiffOptions } from './diff-model.ts';
import { readNamedStore } from './read-named-store.ts';
import { openSession } from './session.ts';

/** Throws `DSP-STORE-MISSING`, `DSP-STORE-UNREADABLE`, `DSP-TABLE-MISSING`. */
export async function diff(options: DiffOptions): Promise<Diff> {
  const root = resolve(options.root);
  const session = openSession({ ...options, root, cache: openCache(null, root, '') });
  try {
    const reading = [readNamedStore(session, options.a), readNamedStore(session, options.b)] as const;
    // The children start meanwhile: what compares is imported while they read.
    const [a, b, { diffStores }] = await Promise.all([...reading, import('./diff-stores.ts')]);
    return await diffStores(session, a, b, options);
  } finally {
    session.close();
  }
}
