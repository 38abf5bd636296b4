/** Children that read a ledger and the contents that it is about, as long as one question takes. */
import { openCache } from '../audit/cache.ts';
import { openSession, type Session } from '../audit/session.ts';
import { DesprawlError } from '../errors.ts';
import { UnreadableStore } from '../stores/reader.ts';
import type { LedgerGround } from './which-ledger.ts';

/** Throws `DSP-STORE-UNREADABLE`. */
export async function withLedgerSession<T>(ground: LedgerGround, work: (session: Session) => Promise<T>): Promise<T> {
  const { root, scratchDir, config, signal } = ground;
  const cache = openCache(null, root, '');
  const session = openSession({ root, scratchDir, timeoutSeconds: config.audit.timeout, cache, signal });
  try {
    return await work(session);
  } catch (error) {
    if (!(error instanceof UnreadableStore)) throw error;
    throw new DesprawlError('DSP-STORE-UNREADABLE', `The ledger cannot be read: ${error.message}.`, { cause: error });
  } finally {
    session.close();
  }
}
