/**
 * What making a declared export anew would come to: the file that is there against its store, as it is or as a merge would leave it. Stores are
 * read as an audit reads them; nothing of the project is written to.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCache } from '../audit/cache.ts';
import { openSession } from '../audit/session.ts';
import { DesprawlError } from '../errors.ts';
import type { Compared, Refused } from '../exports/model.ts';
import { openSnapshots } from '../exports/snapshots.ts';
import type { ExportAsked, ExportPort, ExportTried } from '../plan/export-port.ts';
import type { Pool } from '../stores/child/pool.ts';
import { UnreadableStore } from '../stores/reader.ts';
import type { Scratch } from '../stores/scratch.ts';
import { askedOnce } from './asked-once.ts';
import { mergedFile } from './merge-port.ts';
import type { SessionInput } from './with-session.ts';

export function exportPort(input: SessionInput): ExportPort {
  return { tryOut: askedOnce((asked) => tryOut(asked, input)) };
}

async function tryOut(asked: ExportAsked, input: SessionInput): Promise<ExportTried> {
  const { audit, config, signal } = input;
  const { root } = audit.project;
  const scratchDir = input.scratchDir ?? tmpdir();
  const timeoutSeconds = config.audit.timeout;
  try {
    if (asked.after === null) {
      const snapshots = openSnapshots({ root, scratchDir, timeoutSeconds, signal });
      try {
        return await snapshots.of(asked.spec.store, ({ file, seconds }) =>
          compare({ ...snapshots, file, seconds }, asked, root),
        );
      } finally {
        snapshots.close();
      }
    }
    const session = openSession({ root, scratchDir, timeoutSeconds, cache: openCache(null, root, ''), signal });
    try {
      const merged = await mergedFile(session, asked.after, audit);
      if ('why' in merged) return { is: 'cannot', why: merged.why };
      if (merged.result.unsettled.length > 0) return { is: 'cannot', why: 'the merge before it is not decided' };
      return await compare({ ...session, file: merged.file, seconds: session.seconds(merged.bytes) }, asked, root);
    } finally {
      session.close();
    }
  } catch (error) {
    if (error instanceof UnreadableStore) return { is: 'cannot', why: `${asked.spec.store}: ${error.message}` };
    if (error instanceof DesprawlError && error.code.startsWith('DSP-STORE-'))
      return { is: 'cannot', why: error.message };
    throw error;
  }
}

interface Ready {
  readonly pool: Pool;
  readonly scratch: Scratch;
  /** Nobody writes to it. */
  readonly file: string;
  readonly seconds: number;
}

async function compare(
  { pool, scratch, file, seconds }: Ready,
  asked: ExportAsked,
  root: string,
): Promise<ExportTried> {
  const { spec, path } = asked;
  const exported = join(root, path);
  const compared = await pool.ask('compareExport', { file, spec, exported }, seconds);
  if ('refused' in compared) return cannot(compared);
  if (isEqual(compared)) return { is: 'equal' };
  // What cannot be written is found out before anybody is asked about it.
  const made = await pool.ask('writeExport', { file, spec, to: scratch.file('.export') }, seconds);
  if ('refused' in made) return cannot(made);
  try {
    const lost = await pool.ask('lostRows', { file, spec, old: exported, to: scratch.file('.lost.db') }, seconds);
    return 'refused' in lost ? cannot(lost) : { is: 'differs', lost };
  } catch (error) {
    if (!(error instanceof UnreadableStore)) throw error;
    return { is: 'unreadable', why: error.message };
  }
}

function isEqual({ broken, first }: Exclude<Compared, Refused>): boolean {
  return broken === null && first === null;
}

function cannot({ refused, message }: Refused): ExportTried {
  return { is: 'cannot', why: refused === 'spec' ? message : `it cannot hold ${message}` };
}
