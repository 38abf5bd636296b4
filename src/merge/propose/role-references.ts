/**
 * References of columns whose name only says a role (`created_by`, `owner_id`, `parent_id`): a question each, with what the values show, and never
 * more. Any small number is in a key that counts from 1, so that a name of a role, nearly all values and some different ones must come together.
 */
import { count } from '../../audit/wording.ts';
import type { Link } from '../../rows/links.ts';
import { NOBODY } from '../reference-words.ts';
import type { MergeQuestion } from './model.ts';
import { topicOf } from './topics.ts';

/** A flag, a level or a state has few values, and the first numbers are in any key. */
const FEW_VALUES = 3;
const CONTAINED = 0.9;

/** What one store shows of a column, of one table that it may mean. */
export interface RoleLink {
  readonly link: Link;
  /** Of the store. */
  readonly path: string;
  /** Its rows come in; else they are there already, and only bear witness. */
  readonly comesIn: boolean;
  /** In the target. */
  readonly to: string;
}

/** `true` also of a link whose name says the table. */
export function bearsOut({ contained, byRole }: Link): boolean {
  return byRole === undefined || (contained >= CONTAINED && byRole.distinct >= FEW_VALUES);
}

/** Tables that it can mean: a store whose rows come in bears it out, and in none the values are others. */
export function meantTables(all: readonly RoleLink[]): readonly string[] {
  const named = [...new Set(all.map(({ to }) => to))].sort();
  return named.filter((to) => {
    const links = all.filter((one) => one.to === to);
    const best = new Map<string, number>();
    for (const { path, link } of links) best.set(path, Math.max(best.get(path) ?? 0, link.contained));
    const isDenied = [...best.values()].some((contained) => contained < CONTAINED);
    return !isDenied && links.some(({ comesIn, link }) => comesIn && link.other === undefined && bearsOut(link));
  });
}

export function refersTopic(table: string, column: string): string {
  return topicOf(table, column, 'refers');
}

/** `tables`: all that it can mean. */
export function askRefers(
  table: string,
  column: string,
  tables: readonly string[],
  all: readonly RoleLink[],
): MergeQuestion {
  const [only] = tables;
  const said = all.filter(({ link, to }) => link.other === undefined && tables.includes(to));
  const which = tables.length === 1 ? `rows of ${only}` : `rows of ${tables.join(' or of ')}`;
  return {
    topic: refersTopic(table, column),
    question: `${column} of ${table} is called like a reference, no constraint declares it, and its values are numbers of ${which}, which may get others. Do they follow?`,
    evidence: said.map(({ path, link, to }) => {
      const found = Math.round(link.rows * link.contained);
      const different = link.byRole === undefined ? '' : `, ${link.byRole.distinct} different ones`;
      return `${path}: ${found} of ${count(link.rows, 'value')}${different}, are in ${to}.${link.toColumn}`;
    }),
    choices: {
      ...Object.fromEntries(tables.map((to) => [to, `yes: each follows the row of ${to} that it means`])),
      [NOBODY]: 'no: they are carried as they are, and may come to mean other rows',
    },
    proposal: tables.length === 1 ? (only ?? null) : null,
    goes: [...tables, NOBODY],
    holds: 'merge',
  };
}
