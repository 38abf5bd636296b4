/**
 * Settles what `desprawl conflicts` lists. After a run: a plan that lets values win which lost, to be looked at and applied like any other. Before one: the
 * plan says what wins.
 */
import { randomBytes } from 'node:crypto';
import { relative, resolve } from 'node:path';
import { chosenMerges, isOfStores, type LedgerGround } from '../../../apply/which-ledger.ts';
import { list } from '../../../audit/wording.ts';
import { DesprawlError } from '../../../errors.ts';
import { readWish, type SettleWish, writeWish } from '../../../merge/settle/words.ts';
import type { Merge, Plan, Settle } from '../../../plan/model.ts';
import { propose } from '../../../plan/planners/planner.ts';
import { readPolicyWish, withPolicy } from '../../../plan/take-policy.ts';
import type { AboutMerge } from '../../../verify/model.ts';
import type { Context } from '../../context.ts';
import type { PlanFile } from '../../plan-file.ts';
import type { Place } from '../plan/planned.ts';

export const SETTLE_NAME = 'desprawl-settle.yaml';

const FORM_OF_RUN = 'Say it as `users.phone from app.db`, or of some rows `users.phone from app.db rows 4, 17`.';
const FORM_OF_PLAN = 'Say it as `users.phone by newest`; policies are target, source, newest and complete.';

/** Throws `DSP-USAGE`, `DSP-RUN-UNKNOWN`, `DSP-LEDGER-NONE`, `DSP-TABLE-MISSING`, `DSP-STORE-MISSING`. */
export function settlePlan(
  ground: LedgerGround,
  {
    name,
    run,
    action,
    take,
  }: {
    readonly name: string;
    readonly run: string | null;
    readonly action: string | null;
    readonly take: readonly string[];
  },
): Plan {
  const wishes = take.map((text) => {
    const wish = readWish(text);
    if (wish === null)
      throw new DesprawlError('DSP-USAGE', `"${text}" does not say which value wins.`, { hint: FORM_OF_RUN });
    return wish;
  });
  const { run: found, merges: all } = chosenMerges(ground, { run, action, filter: { table: null, store: null } });
  const merges = all.filter(isOfStores);
  const settled = all.find(({ settles }) => settles !== undefined)?.settles;
  if (settled !== undefined) {
    throw new DesprawlError(
      'DSP-LEDGER-NONE',
      `The run ${found.id} settled values of ${settled.run}; nothing was merged by it.`,
      {
        hint: `Name the run that merged: \`desprawl conflicts ${settled.run} --take …\`.`,
      },
    );
  }
  const of = new Map<AboutMerge, SettleWish[]>();
  for (const wish of wishes) {
    const about = mergeFor(wish, merges);
    of.set(about, [...(of.get(about) ?? []), wish]);
  }
  const actions = [...of].map(([about, own]) => actionOf(found.id, about, own));
  const { config } = ground;
  return {
    version: 1,
    plan: `${name}-${randomBytes(2).toString('hex')}`,
    decisions: [],
    actions,
    left: [],
    checks: Object.keys(config.checks),
    measures: Object.keys(config.measures),
    policy: {},
    approvals: [],
  };
}

function mergeFor(wish: SettleWish, merges: readonly AboutMerge[]): AboutMerge {
  const text = writeWish(wish);
  const tables = merges.filter(({ spec }) =>
    spec.tables.some(({ table }) => table.toLowerCase() === wish.table.toLowerCase()),
  );
  if (tables.length === 0) {
    const known = [...new Set(merges.flatMap(({ spec }) => spec.tables.map(({ table }) => table)))].sort();
    throw new DesprawlError('DSP-TABLE-MISSING', `${text}: no table ${wish.table} was merged into.`, {
      hint: `Tables are: ${list(known, 12)}.`,
    });
  }
  const stores = (about: AboutMerge): readonly string[] => [
    about.target,
    ...about.spec.sources.map(({ path }) => path),
  ];
  const fitting = tables.filter((about) => stores(about).includes(wish.from));
  const [only] = fitting;
  if (only === undefined) {
    const known = [...new Set(tables.flatMap(stores))].sort();
    throw new DesprawlError('DSP-STORE-MISSING', `${text}: ${wish.from} is no store of a merge with that table.`, {
      hint: `Stores are: ${list(known, 12)}.`,
    });
  }
  if (fitting.length > 1) {
    throw new DesprawlError(
      'DSP-USAGE',
      `${text}: ${list(
        fitting.map(({ action }) => action),
        4,
      )} have such a table each.`,
      {
        hint: 'Say which of them with --action.',
      },
    );
  }
  return only;
}

function actionOf(run: string, { action, target }: AboutMerge, wishes: readonly SettleWish[]): Settle {
  return propose('settle', target, {
    id: `settle-${action}`,
    run,
    of: action,
    values: wishes.map(writeWish),
    rows: [],
    reason: 'another value wins than the merge let win',
    finding: null,
  });
}

/** A plan that is there already is never replaced: people may have written in it. */
export function placeOf(out: string | undefined, root: string, { cwd, disk }: Context): Place {
  const path = out === undefined ? resolve(root, SETTLE_NAME) : resolve(cwd, out);
  const near = relative(cwd, path);
  const name = near.startsWith('../../../../') ? path : near;
  if (disk.lstat(path) !== null) {
    throw new DesprawlError('DSP-FILE-EXISTS', `${name} is there already.`, {
      hint: `\`desprawl apply ${name}\` carries it out; one that was applied may go, and --out names another file.`,
    });
  }
  return { path, name };
}

/** What was said keeps an action from being done: why. `before`: the plan without it. */
export function refusal({ actions }: Plan, before?: Plan): DesprawlError | null {
  const was = (id: string): string | null => before?.actions.find((one) => one.id === id)?.blocked ?? null;
  const blocked = actions.find((one) => one.blocked !== null && one.blocked !== was(one.id));
  if (blocked === undefined) return null;
  return new DesprawlError('DSP-USAGE', `${blocked.id} could not be done: ${blocked.blocked}. Nothing was written.`, {
    hint: '`desprawl conflicts` lists the columns in which rows have two values.',
  });
}

/** Throws `DSP-USAGE`. */
export function policiesInto({ plan, name }: PlanFile, take: readonly string[], action: string | null): Plan {
  let now = plan;
  for (const text of take) {
    const wish = readPolicyWish(text);
    if (wish === null)
      throw new DesprawlError('DSP-USAGE', `"${text}" does not say what wins.`, { hint: FORM_OF_PLAN });
    const merges = now.actions.filter(
      (one): one is Merge =>
        one.kind === 'merge' &&
        (action === null || one.id === action) &&
        one.tables.some(({ table }) => table.toLowerCase() === wish.table.toLowerCase()),
    );
    const [only] = merges;
    if (only === undefined || merges.length > 1) {
      const why =
        only === undefined
          ? `no merge of ${name} says anything of a table ${wish.table}`
          : `${list(
              merges.map(({ id }) => id),
              4,
            )} have such a table each`;
      throw new DesprawlError('DSP-USAGE', `${text}: ${why}.`, {
        hint: `Say which with --action, or edit \`tables:\` in ${name}.`,
      });
    }
    const settled = withPolicy(now, only, wish);
    if ('why' in settled) throw new DesprawlError('DSP-USAGE', `${text}: ${settled.why}.`);
    now = settled.plan;
  }
  return now;
}
