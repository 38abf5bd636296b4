/** Ids in a store that lacks the rows which they are of: whose they are, only people know (trap R19). Asked with how many values each store has. */
import { count } from '../../audit/wording.ts';
import type { Link } from '../../rows/links.ts';
import { NOBODY } from '../reference-words.ts';
import { idCollisions } from './collisions.ts';
import type { MergeFacts, MergeQuestion } from './model.ts';
import type { SpecInput } from './spec.ts';
import { topicOf } from './topics.ts';

/** What one store has of the values. */
export interface Meant {
  readonly link: Link;
  readonly path: string;
  readonly to: string;
}

/** Values that lead to different tables by their type are different values; without a type, they are the same ones. */
function valuesOf(meant: readonly Meant[], of: (one: Meant) => number): number {
  const most = new Map<string, number>();
  for (const one of meant) {
    const kind = one.link.typeColumn === undefined ? '' : one.to;
    most.set(kind, Math.max(most.get(kind) ?? 0, of(one)));
  }
  return [...most.values()].reduce((sum, rows) => sum + rows, 0);
}

export function askWhose(
  table: string,
  source: string,
  column: string,
  meant: readonly Meant[],
  { target }: SpecInput,
  facts: MergeFacts,
): MergeQuestion {
  const paths = [...new Set(meant.map(({ path }) => path))].sort();
  const share = (path: string): number =>
    valuesOf(
      meant.filter((one) => one.path === path),
      ({ link }) => link.rows * link.contained,
    );
  const rows = valuesOf(meant, ({ link }) => link.rows);
  const best = Math.max(...paths.map(share));
  const near = paths.filter((path) => share(path) === best);
  const [only] = near;
  // Where two stores gave the numbers to different rows, containment cannot tell which of them is meant.
  const tells =
    near.length === 1 || !meant.some(({ to }) => near.some((one) => idCollisions(near[0] ?? '', one, to, facts) > 0));
  const proposal = near.length === 1 ? only : near.find((path) => path === target?.path);
  const what = [...new Set(meant.map(({ to }) => to))].join(', ');
  return {
    topic: topicOf(table, column, 'ids', source),
    question: `${column} of ${table} in ${source} holds ids of ${what}, which it does not have. Whose are they?`,
    evidence: paths.map((path) => `${path} has ${Math.round(share(path))} of ${count(rows, 'value')}`),
    choices: {
      ...Object.fromEntries(paths.map((path) => [path, `they follow the rows of ${path}`])),
      [NOBODY]: 'they are carried as they are, and may come to mean other rows',
    },
    proposal: tells ? (proposal ?? null) : null,
    goes: [...paths, NOBODY],
    holds: 'merge',
  };
}
