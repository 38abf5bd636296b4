/**
 * Databases as exports read them: in place where nobody works with them, else from private copies, as an audit does. What was read in
 * place counts only if nobody wrote meanwhile; then all of it is read again.
 */
import { resolve } from 'node:path';
import { findNamedStore, unreadableIsError } from '../audit/read-named-store.ts';
import { DesprawlError } from '../errors.ts';
import { openPool, type Pool } from '../stores/child/pool.ts';
import { UnreadableStore } from '../stores/reader.ts';
import { openScratch, type Scratch } from '../stores/scratch.ts';
import { stampOf, takeSnapshot } from '../stores/snapshot.ts';

export interface ExportGround {
  /** The project. */
  readonly root: string;
  readonly scratchDir: string;
  /** What one export may take; those of large stores get more. */
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Snapshots {
  readonly pool: Pool;
  readonly scratch: Scratch;
  /** One state of a database: whatever `work` asks of `file` is of that. Throws `DSP-STORE-MISSING`, `DSP-STORE-UNREADABLE`. */
  of<T>(store: string, work: (snapshot: OpenedSnapshot) => Promise<T>): Promise<T>;
  close(): void;
}

export interface OpenedSnapshot {
  readonly file: string;
  /** Real path of the store. */
  readonly store: string;
  /** Seconds that one request may take. */
  readonly seconds: number;
}

const TRIES = 3;
/** A slow disk delivers this much. */
const BYTES_PER_SECOND = 10 * 1024 * 1024;

export function openSnapshots(ground: ExportGround): Snapshots {
  const { root, timeoutSeconds, signal } = ground;
  const scratch = openScratch(ground.scratchDir);
  const pool = openPool({ size: 1, tempDir: scratch.dir, signal });
  return {
    pool,
    scratch,
    async of(store, work) {
      const { kind, found } = findNamedStore(root, store);
      if (kind !== 'sqlite') {
        throw new DesprawlError(
          'DSP-STORE-UNREADABLE',
          `${store} is no SQLite database: exports are made of databases.`,
        );
      }
      const full = resolve(root, store);
      const seconds = timeoutSeconds + found.bytes / BYTES_PER_SECOND;
      return unreadableIsError(store, async () => {
        for (let attempt = 0; attempt < TRIES; attempt++) {
          const { file, readBy, stamp } = await takeSnapshot(full, scratch, { force: attempt > 0, signal });
          const inPlace = readBy === 'immutable';
          if (!inPlace) await pool.ask('recoverCopy', { file }, seconds);
          try {
            const result = await work({ file, store: full, seconds });
            if (!inPlace || stampOf(full) === stamp) return result;
          } catch (error) {
            // Torn by a writer, it may look like anything.
            if (!inPlace || stampOf(full) === stamp) throw error;
          }
        }
        throw new UnreadableStore('changing', `somebody wrote to it during each of ${TRIES} readings`);
      });
    },
    close() {
      pool.close();
      scratch.close();
    },
  };
}
