/**
 * The stores that a run changes, kept from everybody else from before the backup until the last step is on the disk. A store that
 * somebody has open is not changed (trap S16).
 */
import { join } from 'node:path';
import { keyOf, shownPath } from '../disk/paths.ts';
import { type PlannedStep, type Step, transitionsOf } from '../steps/step.ts';
import { openScratch } from '../stores/scratch.ts';
import { openHolder, storeBusy } from '../vault/hold-store.ts';
import type { HeldStore } from '../vault/model.ts';
import { whoHasOpen } from '../vault/openers.ts';
import type { ProjectGround } from './ground.ts';
import type { NotVerified } from './model.ts';

export interface HeldStores {
  /** By path of the store. */
  readonly held: ReadonlyMap<string, HeldStore>;
  /** Stores of which nobody can tell whether somebody uses them. */
  readonly notVerified: readonly NotVerified[];
  /** Throws `DSP-STORE-BUSY` where the store of the step is not held any more. */
  assertHeld(step: Step): void;
  release(): Promise<void>;
}

const SIDECAR = /-(?:wal|shm|journal)$/;

/** The main files of the SQLite stores that steps change, where they lie before. */
export function storesTouched(steps: Iterable<PlannedStep>): readonly string[] {
  const touched = new Set<string>();
  for (const step of steps) {
    if (step.store === undefined) continue;
    for (const { path, before } of transitionsOf(step)) {
      if (before.kind !== 'absent' && typeof path === 'string') touched.add(path.replace(SIDECAR, ''));
    }
  }
  return [...touched].sort();
}

/** Throws `DSP-STORE-BUSY`; then none is held. */
export async function holdStores(ground: ProjectGround, stores: readonly string[]): Promise<HeldStores> {
  const { disk, root, scratchDir, signal } = ground;
  const held = new Map<string, HeldStore>();
  const notVerified: NotVerified[] = [];
  if (stores.length === 0) {
    return { held, notVerified, assertHeld: () => {}, release: () => Promise.resolve() };
  }
  const scratch = openScratch(scratchDir);
  // Once all are held, Ctrl-C waits for the batch that is under way: its store stays locked until then.
  const giveUp = new AbortController();
  const abort = (): void => giveUp.abort();
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  const holder = openHolder(disk, { tempDir: scratch.dir, signal: giveUp.signal });
  const release = async (): Promise<void> => {
    for (const one of held.values()) await one.release();
    await holder.done();
    scratch.close();
  };
  try {
    for (const store of stores) {
      const path = join(root, store);
      // A link is changed without what it leads to.
      if (disk.lstat(path)?.kind !== 'file') continue;
      const hold = await holder.hold(path);
      if (hold.is === 'held') {
        held.set(keyOf(store), hold.store);
        continue;
      }
      if (hold.is === 'busy') throw storeBusy(path);
      const openers = whoHasOpen([path]);
      if (openers.answer === 'yes') throw storeBusy(path, openers);
      if (openers.answer === 'cannot tell') {
        const why = `it cannot be locked (${hold.why}), and ${openers.unseen.join(', ')}`;
        notVerified.push({ what: `whether somebody uses ${store}`, why });
      }
    }
    assertClosed(held);
  } catch (error) {
    await release();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  return {
    held,
    notVerified,
    assertHeld: (step) => {
      for (const { path } of transitionsOf(step)) {
        const main = typeof path === 'string' ? path.replace(SIDECAR, '') : null;
        const store = main === null ? undefined : (held.get(keyOf(main)) ?? held.get(keyOf(path)));
        if (store !== undefined && !store.isHeld()) throw storeBusy(store.store);
      }
    },
    release,
  };
}

/** An idle connection has no lock, and goes on writing to a file that is gone: its rows would be in nothing that anybody finds. */
function assertClosed(held: HeldStores['held']): void {
  const stores = [...held.values()];
  if (stores.length === 0) return;
  const openers = whoHasOpen(
    stores.map(({ store }) => store),
    { without: stores.flatMap(({ pid }) => pid ?? []) },
  );
  const [first] = openers.who;
  if (first === undefined) return;
  const store = stores.find((one) => shownPath(one.store) === first.path)?.store ?? first.path;
  throw storeBusy(store, { ...openers, who: openers.who.filter(({ path }) => path === first.path) });
}
