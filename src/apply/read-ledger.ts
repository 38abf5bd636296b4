/** What the ledgers of a run say: its balance, and rows of it. Reads the state and the vault, never a store of the project; changes nothing there. */
import type { Session } from '../audit/session.ts';
import type {
  ConflictsDocument,
  LedgerBalance,
  LedgerDocument,
  LedgerMerge,
  ListedRows,
  PartFilter,
  RowFilter,
} from '../merge/ledger/documents.ts';
import type { AboutMerge } from '../verify/model.ts';
import { columnConflicts } from './column-conflicts.ts';
import type { KnownRun } from './known-runs.ts';
import { withLedgerSession } from './ledger-session.ts';
import { settledSince } from './settled-since.ts';
import {
  chosenMerges,
  filesOf,
  type LedgerGround,
  ledgerFile,
  type MergesAsked,
  planOf,
  sizeOf,
} from './which-ledger.ts';

export interface LedgerAsked extends MergesAsked {
  readonly filter: RowFilter;
  /** `null`: the sums only. */
  readonly rows: { readonly limit: number; readonly showValues: boolean } | null;
}

/** Throws `DSP-RUN-UNKNOWN`, `DSP-LEDGER-NONE`, `DSP-TABLE-MISSING`, `DSP-STORE-MISSING`, `DSP-STORE-UNREADABLE`, `DSP-VAULT-DAMAGED`. */
export async function readLedger(ground: LedgerGround, asked: LedgerAsked): Promise<LedgerDocument> {
  const { run, merges } = chosenMerges(ground, asked);
  return withLedgerSession(ground, async (session) => {
    const read: { readonly merge: LedgerMerge; readonly about: AboutMerge; readonly balanced: boolean }[] = [];
    for (const about of merges) {
      const file = ledgerFile(ground, run, about);
      const balance = await session.pool.ask('ledgerBalance', { file }, session.seconds(sizeOf(ground, [file])));
      read.push({ about, ...mergeOf(about, `runs/${run.id}/${about.ledger}`, balance) });
    }
    return {
      version: 1,
      run: run.id,
      status: run.status.is,
      merges: read.map(({ merge }) => narrowed(merge, asked.filter)),
      balanced: read.every(({ balanced }) => balanced),
      listed: asked.rows === null ? null : await listRows(ground, session, run, read, asked.filter, asked.rows),
    };
  });
}

/** The rows of which two values existed, by column. */
export async function readConflicts(ground: LedgerGround, asked: LedgerAsked): Promise<ConflictsDocument> {
  const found = await readLedger(ground, { ...asked, filter: { ...asked.filter, differs: true } });
  return {
    version: 1,
    run: found.run,
    status: found.status,
    conflicts: columnConflicts(found.merges, planOf(ground, found.run), settledSince(ground, found.run)),
    listed: found.listed,
  };
}

function mergeOf(
  about: AboutMerge,
  file: string,
  { parts, balanced }: LedgerBalance,
): { readonly merge: LedgerMerge; readonly balanced: boolean } {
  const tables = about.result.tables.flatMap(({ table, before, after }) => {
    const own = parts.filter((part) => part.table === table);
    return own.length === 0 ? [] : [{ table, before, after, parts: own }];
  });
  const sums = tables.every(
    ({ before, after, parts: own }) => after === before + own.reduce((sum, { inserted }) => sum + inserted, 0),
  );
  const isWhole = tables.reduce((sum, one) => sum + one.parts.length, 0) === parts.length;
  return { merge: { action: about.action, target: about.target, file, tables }, balanced: balanced && sums && isWhole };
}

/** The tables and stores that were asked for; the sums of those that stay are as they were. */
function narrowed(merge: LedgerMerge, filter: PartFilter): LedgerMerge {
  const tables = merge.tables.flatMap((one) => {
    const parts = one.parts.filter((part) => isAsked(part, filter));
    return parts.length === 0 ? [] : [{ ...one, parts }];
  });
  return { ...merge, tables };
}

async function listRows(
  ground: LedgerGround,
  session: Session,
  run: KnownRun,
  read: readonly { readonly merge: LedgerMerge; readonly about: AboutMerge }[],
  filter: RowFilter,
  { limit, showValues }: { readonly limit: number; readonly showValues: boolean },
): Promise<ListedRows> {
  const rows: ListedRows['rows'][number][] = [];
  for (const { about } of read) {
    if (rows.length >= limit) break;
    const files = filesOf(ground, run, about);
    const request = { files, filter, limit: limit - rows.length, showValues };
    const seconds = session.seconds(sizeOf(ground, [files.ledger, files.merged, ...files.sources]));
    const found = await session.pool.ask('ledgerRows', request, seconds);
    rows.push(...found.map((row) => ({ action: about.action, ...row })));
  }
  const parts = read.flatMap(({ merge }) => merge.tables.flatMap((one) => one.parts));
  const of = parts.filter((part) => isAsked(part, filter)).reduce((sum, part) => sum + countOf(part, filter), 0);
  return { of, limit, showValues, rows };
}

/** Only merged rows differ. */
function countOf(part: Part, { presence, differs }: RowFilter): number {
  if (differs) return presence === null || presence === 'merged' ? part.conflicts : 0;
  return presence === null ? part.rows : part[presence];
}

type Part = LedgerMerge['tables'][number]['parts'][number];

function isAsked(part: Part, { table, store }: PartFilter): boolean {
  const names = [part.table, part.sourceTable].map((name) => name.toLowerCase());
  return (store === null || part.store === store) && (table === null || names.includes(table.toLowerCase()));
}
