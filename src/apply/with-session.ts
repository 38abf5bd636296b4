/** Children that answer one question about stores of a project, and what their failing means to who asked. */
import { tmpdir } from 'node:os';
import { openCache } from '../audit/cache.ts';
import type { Audit } from '../audit/model.ts';
import { openSession, type Session } from '../audit/session.ts';
import type { Config } from '../config/config.ts';
import { DesprawlError } from '../errors.ts';
import { UnreadableStore } from '../stores/reader.ts';

export interface SessionInput {
  readonly audit: Audit;
  readonly config: Config;
  /** Parent folder for private copies and scratch files. */
  readonly scratchDir?: string;
  readonly signal?: AbortSignal;
}

/** Nothing of them is left afterwards. `what`: that could not be read. Throws `DSP-STORE-UNREADABLE`, `DSP-NO-SPACE`. */
export async function withSession<T>(
  { audit, config, scratchDir = tmpdir(), signal }: SessionInput,
  what: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { root } = audit.project;
  const timeoutSeconds = config.audit.timeout;
  const session = openSession({ root, scratchDir, timeoutSeconds, cache: openCache(null, root, ''), signal });
  try {
    return await work(session);
  } catch (error) {
    if (!(error instanceof UnreadableStore)) throw error;
    if (error.reason === 'no-space') throw noSpace(scratchDir, error);
    throw new DesprawlError('DSP-STORE-UNREADABLE', `${what} could not be read: ${error.message}`, { cause: error });
  } finally {
    session.close();
  }
}

/** Private copies and what is made of them lie in `folder`. */
export function noSpace(folder: string, error: UnreadableStore): DesprawlError {
  const message = `In the folder for private copies, ${folder}: ${error.message}. Nothing was changed.`;
  return new DesprawlError('DSP-NO-SPACE', message, {
    hint: 'Free space there, or set TMPDIR to a folder with more of it. Then run the command again.',
    cause: error,
  });
}
