/**
 * What the ledger of an earlier merge has of values that shall win after all, against the store as it is. Ledgers lie in the state, what they are
 * about in the vault; the store is read as an audit reads it, and nothing of the project is written to.
 */
import { tmpdir } from 'node:os';
import { openCache } from '../audit/cache.ts';
import type { Audit } from '../audit/model.ts';
import { openableWhole, openSession, type Session } from '../audit/session.ts';
import type { Config } from '../config/config.ts';
import type { Disk } from '../disk/disk.ts';
import { DesprawlError } from '../errors.ts';
import type { PartBalance } from '../merge/ledger/documents.ts';
import type { StagedSettled } from '../merge/settle/model.ts';
import { wishName } from '../merge/settle/words.ts';
import type { SettleAsked, SettlePort, SettleTried } from '../plan/settle-port.ts';
import type { StateFolder } from '../state/state-folder.ts';
import { UnreadableStore } from '../stores/reader.ts';
import { chosenMerges, filesOf, sizeOf } from './which-ledger.ts';

export interface SettlePortInput {
  readonly audit: Audit;
  readonly config: Config;
  readonly disk: Disk;
  readonly state: StateFolder;
  /** Parent folder for private copies and scratch files. */
  readonly scratchDir?: string;
  readonly signal?: AbortSignal;
}

export function settlePort(input: SettlePortInput): SettlePort {
  const tried = new Map<string, Promise<SettleTried>>();
  return {
    tryOut(asked) {
      const key = JSON.stringify(asked);
      const found = tried.get(key) ?? tryOut(asked, input);
      tried.set(key, found);
      return found;
    },
  };
}

async function tryOut(asked: SettleAsked, input: SettlePortInput): Promise<SettleTried> {
  const { audit, config, signal } = input;
  const { root } = audit.project;
  const store = audit.stores.find(({ path }) => path === asked.target);
  if (store === undefined) return { why: `${asked.target} is no store` };
  const scratchDir = input.scratchDir ?? tmpdir();
  const timeoutSeconds = config.audit.timeout;
  const session = openSession({ root, scratchDir, timeoutSeconds, cache: openCache(null, root, ''), signal });
  try {
    const { file } = await openableWhole(session, store);
    const staged = await stageSettled(session, { ...input, root, scratchDir }, asked, file);
    if ('why' in staged) return staged;
    const { spec, values } = staged;
    const request = {
      spec,
      files: { target: file, sources: [staged.file], ancestors: [null] },
      merged: session.scratch.file('.merged.db'),
      ledger: session.scratch.file('.ledger.db'),
      target: { path: asked.target, sha256: null },
      sha256: [null],
    };
    const seconds = session.seconds(store.bytes * 4);
    await session.pool.ask('merge', request, seconds);
    const { parts } = await session.pool.ask('ledgerBalance', { file: request.ledger }, seconds);
    return {
      spec,
      values: values.map((one, i) => {
        const wish = asked.wishes[i];
        const part = parts.find(({ sourceTable }) => wish !== undefined && sourceTable === wishName(wish));
        return { ...one, refused: one.rows - (part === undefined ? 0 : taking(part)) };
      }),
    };
  } catch (error) {
    if (error instanceof UnreadableStore) return { why: `${asked.target}: ${error.message}` };
    if (error instanceof DesprawlError) return { why: error.message };
    throw error;
  } finally {
    session.close();
  }
}

/** Rows that take the value: where the store refuses one, all of the row stays as it is. */
function taking({ conflicts, differs }: PartBalance): number {
  return conflicts - Math.max(0, ...differs.map(({ winner, rows }) => (winner === 'target' ? rows : 0)));
}

export interface SettleGround {
  readonly disk: Disk;
  readonly root: string;
  readonly state: StateFolder;
  readonly config: Config;
  readonly scratchDir: string;
  readonly signal?: AbortSignal | undefined;
}

/** `current`: the target as it is, which nobody writes to. Throws `DSP-RUN-UNKNOWN`, `DSP-LEDGER-NONE`, `DSP-VAULT-DAMAGED`. */
export async function stageSettled(
  session: Session,
  { signal, ...ground }: SettleGround,
  { merge, wishes }: SettleAsked,
  current: string,
): Promise<(Exclude<StagedSettled, { why: string }> & { readonly file: string }) | { readonly why: string }> {
  const on = { ...ground, ...(signal === undefined ? {} : { signal }) };
  const { run, merges } = chosenMerges(on, { ...merge, filter: { table: null, store: null } });
  const [about] = merges;
  if (about === undefined) return { why: `the run ${merge.run} has no merge ${merge.action}` };
  if (about.settles !== undefined) return { why: `${merge.action} of ${run.id} settled another merge: name that one` };
  const files = filesOf(on, run, about);
  const { target } = about.snapshots;
  const to = session.scratch.file('.settled.db');
  const staged = await session.pool.ask(
    'stageSettled',
    {
      ...files,
      target: target === null ? null : filesOf(on, run, { ...about, merged: target }).merged,
      current,
      wishes,
      name: `runs/${run.id}/${about.ledger}`,
      to,
    },
    session.seconds(sizeOf(on, [files.ledger, files.merged, ...files.sources])),
  );
  return 'why' in staged ? staged : { ...staged, file: to };
}
