/**
 * E-mail addresses that are of somebody else than the row: `orders.email` where orders refer to the users who have these addresses. That each order
 * is by another person is chance; another one of the same person would be merged into it (trap R18).
 */

import { namesTable, namesTableInRole } from '../../rows/references.ts';
import { overlap } from '../../rows/sketch.ts';
import type { Column, Store, Table } from '../../stores/model.ts';
import type { MergeQuestion } from './model.ts';
import { topicOf } from './topics.ts';

export interface BorrowedMail {
  readonly column: string;
  /** `users.email`. */
  readonly owner: string;
  /** Column by which its rows refer to it. */
  readonly by: string;
}

/** Most of its values are addresses of rows that it refers to. */
const CONTAINED = 0.5;

/** `tables`: the table as each store has it. `null`: nothing shows that. */
export function borrowedMail(
  column: string,
  tables: readonly { readonly store: Store | undefined; readonly table: Table }[],
): BorrowedMail | null {
  for (const { store, table } of tables) {
    const own = columnOf(table, column);
    const mine = table.sketch?.columns[own?.name ?? ''];
    if (own?.profile?.shape !== 'email' || mine === undefined) continue;
    for (const parent of store?.tables ?? []) {
      const by = parent.kind === 'table' && parent.name !== table.name ? refersBy(table, parent) : undefined;
      if (by === undefined) continue;
      const owner = parent.columns.find((one) => {
        const theirs = parent.sketch?.columns[one.name];
        return isOwnMail(one, parent) && theirs !== undefined && overlap(mine, theirs).aInB >= CONTAINED;
      });
      if (owner !== undefined) return { column: own.name, owner: `${parent.name}.${owner.name}`, by };
    }
  }
  return null;
}

export function identityTopic(table: string): string {
  return topicOf(table, 'identity');
}

/** The answer that rows with one address are one is the column; any other leaves what the plan says at `identity:`. */
export function askIdentity(table: string, { column, owner, by }: BorrowedMail, otherwise: string): MergeQuestion {
  return {
    topic: identityTopic(table),
    question: `No two rows of ${table} have one ${column} in any of the stores. Are rows with the same ${column} one and the same in all of them?`,
    evidence: [
      `${table} refers by ${by} to the table of ${owner}, which has these addresses: they are of whom a row is about, and one may have several`,
      `${column} is not declared unique`,
    ],
    choices: {
      [`not-${column}`]: `no: rows are recognised by ${otherwise}`,
      [column]: `yes: rows with one ${column} are one`,
    },
    proposal: `not-${column}`,
    goes: [`not-${column}`, column],
    holds: 'merge',
  };
}

function refersBy(table: Table, parent: Table): string | undefined {
  const declared = table.foreignKeys.find((one) => one.table.toLowerCase() === parent.name.toLowerCase());
  const named = table.columns.find(({ name }) => namesTable(name, parent.name) || namesTableInRole(name, parent.name));
  return declared?.columns[0] ?? named?.name;
}

function isOwnMail({ name, profile }: Column, { unique, primaryKey }: Table): boolean {
  const isDeclared = [primaryKey, ...unique].some((columns) => columns.length === 1 && columns[0] === name);
  return profile?.shape === 'email' && (isDeclared || profile.distinct >= 0.99);
}

const columnOf = ({ columns }: Table, name: string): Column | undefined =>
  columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
