/** What changed between two plans: for who reviewed the earlier one. Only what has an effect or a meaning; never time or wording of figures. */
import { typeOf } from './actions/index.ts';
import { ACTION_KEYS } from './keys.ts';
import type { Action, Left, Plan } from './model.ts';

export interface PlanDiff {
  readonly actions: readonly ItemDiff[];
  readonly decisions: readonly ItemDiff[];
  /** What is left alone now and was not, and the other way round. */
  readonly left: { readonly new: readonly Left[]; readonly gone: readonly Left[] };
  /** Other keys of the plan. */
  readonly other: readonly KeyDiff[];
}

export interface ItemDiff {
  readonly id: string;
  /** Of an action. */
  readonly kind?: string;
  readonly subject?: string;
  readonly is: 'new' | 'gone' | 'changed';
  readonly keys: readonly KeyDiff[];
}

export interface KeyDiff {
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

/** Wording and measured figures that may differ each time. */
const QUIET: ReadonlySet<string> = new Set(['takes', 'undo', 'id']);

export function diffPlans(before: Plan, after: Plan): PlanDiff {
  return {
    actions: items(
      before.actions,
      after.actions,
      (x, y) => keysOf(x, y),
      (one) => ({ kind: one.kind, subject: one.subject }),
    ),
    decisions: items(
      before.decisions,
      after.decisions,
      (x, y) => [
        ...differing('question', x.question, y.question),
        ...differing('choices', x.choices, y.choices),
        ...differing('proposal', x.proposal, y.proposal),
        ...differing('chosen', x.chosen, y.chosen),
      ],
      () => ({}),
    ),
    left: { new: without(after.left, before.left), gone: without(before.left, after.left) },
    other: (['checks', 'measures', 'policy'] as const).flatMap((key) => differing(key, before[key], after[key])),
  };
}

export function isEmptyDiff({ actions, decisions, left, other }: PlanDiff): boolean {
  return actions.length + decisions.length + left.new.length + left.gone.length + other.length === 0;
}

/** By path and reason: lines move. */
function without(all: readonly Left[], others: readonly Left[]): readonly Left[] {
  const known = new Set(others.map(({ path, why }) => `${path}\n${why}`));
  return all.filter(({ path, why }) => !known.has(`${path}\n${why}`));
}

function items<T extends { readonly id: string }>(
  before: readonly T[],
  after: readonly T[],
  keys: (x: T, y: T) => readonly KeyDiff[],
  more: (one: T) => Partial<ItemDiff>,
): readonly ItemDiff[] {
  const earlier = new Map(before.map((one) => [one.id, one]));
  const later = new Map(after.map((one) => [one.id, one]));
  const found = [...new Set([...earlier.keys(), ...later.keys()])].sort().flatMap((id): readonly ItemDiff[] => {
    const [x, y] = [earlier.get(id), later.get(id)];
    if (x === undefined) return y === undefined ? [] : [{ id, ...more(y), is: 'new', keys: [] }];
    if (y === undefined) return [{ id, ...more(x), is: 'gone', keys: [] }];
    const changed = keys(x, y);
    return changed.length === 0 ? [] : [{ id, ...more(y), is: 'changed', keys: changed }];
  });
  return found;
}

function keysOf(x: Action, y: Action): readonly KeyDiff[] {
  const [a, b] = [x, y] as unknown as readonly Readonly<Record<string, unknown>>[];
  const names = new Set([...typeOf(x).keys, ...typeOf(y).keys, ...ACTION_KEYS].map(({ name }) => name));
  return ['kind', 'subject', ...names].flatMap((name) =>
    QUIET.has(name) ? [] : differing(name, a?.[name], b?.[name]),
  );
}

function differing(key: string, x: unknown, y: unknown): readonly KeyDiff[] {
  const [before, after] = [shown(x), shown(y)];
  return before === after ? [] : [{ key, before, after }];
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return [...value].sort().join(', ');
  return JSON.stringify(value);
}
