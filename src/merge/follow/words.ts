/**
 * Columns of a store that stays apart whose values are ids of rows that a merge moves, as a plan says them: the table, the reference as in a merge, and
 * whose ids they are, `jobs: user_id -> users.id ids of data/auth.db`; `ids of ask`: a decision says it.
 */
import type { ReferenceSpec } from '../model.ts';
import { readReference, writeReference } from '../reference-words.ts';

export interface FollowedColumn {
  /** Of the store. */
  readonly table: string;
  readonly reference: ReferenceSpec;
  /** A source of the merge; `ask`: not said yet. */
  readonly of: string;
}

export const ASK = 'ask';
const WORDS = /^(?<table>.+?): (?<reference>.+) ids of (?<of>.+?)$/s;

/** `null`: it is not of this form. */
export function readFollowed(text: string): FollowedColumn | null {
  const found = WORDS.exec(text.trim())?.groups;
  const said = found === undefined ? null : readReference(found.reference ?? '');
  if (found === undefined || said === null || Object.keys(said.idsOf).length > 0) return null;
  return { table: found.table ?? '', reference: said.spec, of: found.of ?? '' };
}

/** The table of the staged file is called so, too, and with that the lines of its ledger. */
export function writeFollowed({ table, reference, of }: FollowedColumn): string {
  return `${table}: ${writeReference({ spec: reference, idsOf: {} })} ids of ${of}`;
}
