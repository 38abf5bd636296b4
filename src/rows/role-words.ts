/**
 * Columns whose name says what a row is to them and not which table they refer to: `created_by`, `owner_id`, `assigned_to` to one of people,
 * `parent_id`, `reply_to` to one of the own table. Such a name is a hint to look at the values, and at most a question.
 */
import type { Table } from '../stores/model.ts';
import { wordsOf } from './column-words.ts';
import { namesOf } from './references.ts';

export interface MeantByRole {
  /** One of people, in a table of a name for them. */
  readonly person: boolean;
  /** One of the own table. */
  readonly own: boolean;
}

/** Who did it stands before `by`: `created_by`, `checked_by_id`. */
const BY = 'by';
const TO_SOMEBODY = /(?:^| )(?:assigned|delegated|handed|lent|sent|shared|granted) (?:to|with)$/;
const PERSON =
  /(?:^| )(?:owner|author|creator|editor|assignee|reviewer|approver|requester|reporter|sender|recipient|receiver|manager|supervisor|responsible|contact)$/;
const OWN = /(?:^| )(?:parent|ancestor|root|previous|prev|next|original|duplicate of|copy of|reply to|replies to)$/;
/** Not done by somebody: `replaced_by` is the row that came after. */
const OWN_BY = /(?:^| )(?:blocked|replaced|superseded|preceded|followed|merged) by$/;
/** Whoever leads somebody is one of them. */
const LEADS = /(?:^| )(?:manager|supervisor)$/;

const PEOPLE = new Set(
  'user account person people member employee staff customer client admin operator agent profile contact player student teacher'
    .split(' ')
    .flatMap((one) => namesOf(one)),
);

/** `null`: the name says nothing of this kind. */
export function meantByRole(column: string): MeantByRole | null {
  const all = wordsOf(column);
  const words = all.at(-1) === 'id' ? all.slice(0, -1) : all;
  const name = words.join(' ');
  const isOwnBy = OWN_BY.test(name);
  const person = TO_SOMEBODY.test(name) || PERSON.test(name) || (words.length > 1 && words.at(-1) === BY);
  const own = OWN.test(name) || isOwnBy || LEADS.test(name);
  return person || own ? { person, own } : null;
}

/** `users`, `auth_users`, `StaffMember`: the last word counts. */
export function isOfPeople({ name }: Pick<Table, 'name'>): boolean {
  return PEOPLE.has(wordsOf(name).at(-1) ?? '');
}
