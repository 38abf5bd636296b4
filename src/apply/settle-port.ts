/**
 * What the ledger of an earlier merge has of values that shall win after all, against the store as it is. Ledgers lie in the state, what they are
 * about in the vault; the store is read as an audit reads it, and nothing of the project is written to.
 */
import { tmpdir } from 'node:os';
import { openableWhole, type Session } from '../audit/session.ts';
import type { Config } from '../config/config.ts';
import type { Disk } from '../disk/disk.ts';
import { DesprawlError } from '../errors.ts';
import type { PartBalance } from '../merge/ledger/documents.ts';
import type { StagedSettled } from '../merge/settle/model.ts';
import { wishName } from '../merge/settle/words.ts';
import type { SettleAsked, SettlePort, SettleTried } from '../plan/settle-port.ts';
import type { StateFolder } from '../state/state-folder.ts';
import { askedOnce } from './asked-once.ts';
import { tryValues } from './try-values.ts';
import { chosenMerges, filesOf, sizeOf } from './which-ledger.ts';
import { type SessionInput, withSession } from './with-session.ts';

export interface SettlePortInput extends SessionInput {
  readonly disk: Disk;
  readonly state: StateFolder;
}

export function settlePort(input: SettlePortInput): SettlePort {
  return { tryOut: askedOnce((asked) => tryOut(asked, input)) };
}

async function tryOut(asked: SettleAsked, input: SettlePortInput): Promise<SettleTried> {
  const { audit, scratchDir = tmpdir() } = input;
  const { root } = audit.project;
  const store = audit.stores.find(({ path }) => path === asked.target);
  if (store === undefined) return { why: `${asked.target} is no store` };
  try {
    return await withSession(input, asked.target, async (session) => {
      const { file: current } = await openableWhole(session, store);
      const staged = await stageSettled(session, { ...input, root, scratchDir }, asked, current);
      if ('why' in staged) return staged;
      const { spec, values } = staged;
      const seconds = session.seconds(store.bytes * 4);
      const tried = await tryValues(session, { store: asked.target, current, spec, staged: staged.file, seconds });
      const { parts } = await session.pool.ask('ledgerBalance', { file: tried.ledger }, seconds);
      const counted = values.map((one, i) => {
        const wish = asked.wishes[i];
        const part = parts.find(({ sourceTable }) => wish !== undefined && sourceTable === wishName(wish));
        return { ...one, refused: one.rows - (part === undefined ? 0 : taking(part)) };
      });
      return { spec, values: counted };
    });
  } catch (error) {
    // What stands in the way is said of the action, not of the plan as a whole.
    if (error instanceof DesprawlError) return { why: error.message };
    throw error;
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
): Promise<(Exclude<StagedSettled, { readonly why: string }> & { readonly file: string }) | { readonly why: string }> {
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
