/** What a planner is and how it says what it proposes. A planner proposes; whether it can be done is found out by compiling it. */
import type { Compiling } from '../compile/draft.ts';
import { type Reader, readersOf } from '../compile/readers.ts';
import { digest } from '../digest.ts';
import type { Measured } from '../measured.ts';
import type { MergesFound } from '../merge-proposals.ts';
import type { Action, ActionKind, Decision, Left, Plan } from '../model.ts';

/** Of the words that name a subject. */
const LONGEST_ID = 60;

export interface Planning extends Measured {
  /** `--target`: the store that others are measured against; `undefined`: the audit elected one per group. */
  readonly target: string | undefined;
  /** What no action may touch, as it was asked for. */
  readonly keep: readonly string[];
  /** Stores that could become one, measured. */
  readonly merges: MergesFound;
  /** Sources of merges that cannot go → why. */
  readonly stays: ReadonlyMap<string, string>;
  /** Kinds of actions that can be compiled. */
  readonly kinds: readonly ActionKind[];
  /** Files that earlier planners let go. */
  readonly going: ReadonlySet<string>;
  /** Files that they let stay in the place of others. */
  readonly kept: ReadonlySet<string>;
}

export interface Proposal {
  readonly actions: readonly Action[];
  readonly decisions: readonly Decision[];
  /** What was found and is not proposed, with the reason. */
  readonly left: readonly Left[];
}

/** Looks at the findings of some codes. Pure. */
export type Planner = (on: Planning) => Proposal;

type Common = Omit<Action, 'kind' | 'subject' | 'id' | 'reason' | 'finding'>;

/** What a proposal need not say; `takes` and `references` are filled in when it is compiled. */
const COMMON: Common = {
  after: [],
  needs: [],
  skip: false,
  phase: 1,
  docs: false,
  files: null,
  except: [],
  references: null,
  left: [],
  undo: '',
  takes: '',
  risk: 'low',
  risks: [],
  done: null,
  blocked: null,
};

type OwnKeys<K extends ActionKind> = Omit<Extract<Action, { kind: K }>, keyof Common | 'id' | 'kind' | 'subject'>;

/** An action of a kind, with an id that follows from kind and subject. */
export function propose<K extends ActionKind>(
  kind: K,
  subject: string,
  own: OwnKeys<K> & Partial<Common> & { readonly id?: string },
): Extract<Action, { kind: K }> {
  return { ...COMMON, kind, subject, id: idOf(kind, subject), ...own } as unknown as Extract<Action, { kind: K }>;
}

/** `archive-backups-hub-db`: the same on every machine and in every plan. */
export function idOf(kind: string, subject: string): string {
  return `${kind}-${slug(subject)}`;
}

export function slug(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  const ascii = words.replace(/[^a-z0-9-]/g, 'x') || 'all';
  return ascii.length <= LONGEST_ID ? ascii : `${ascii.slice(0, LONGEST_ID - 7)}-${digest('slug\n', text).slice(0, 6)}`;
}

const NO_PLAN: Plan = {
  version: 1,
  plan: '',
  decisions: [],
  actions: [],
  left: [],
  checks: [],
  measures: [],
  policy: {},
  approvals: [],
};

/** Who needs a file now, before anything of a plan. */
export function neededBy(path: string, on: Measured, going: ReadonlySet<string> = new Set()): readonly Reader[] {
  const compiling: Compiling = { ...on, plan: NO_PLAN, earlier: new Map() };
  return readersOf(path, going, compiling);
}
