import { afterAll, expect, it } from 'vitest';
import { databaseFiles } from '../../../test/builders/values.ts';
import { mergeFacts } from '../../../test/plan/merge-facts.ts';
import { decisionOf } from '../../plan/merge-questions.ts';
import { propose, specWith } from './propose.ts';

const files = databaseFiles();
afterAll(files.cleanUp);

const NAMES = ['ada', 'ben', 'cleo', 'dan', 'eve', 'fay', 'gus', 'hal'];
const USERS = `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE);
  INSERT INTO users VALUES ${NAMES.map((name, i) => `(${i + 1}, '${name}@x.org')`).join(', ')};`;
/** Each order by another person, by `of`: positions in `NAMES`. */
const orders = (column: string, of: readonly number[], what: string): string =>
  `CREATE TABLE orders (no TEXT, ${column} INTEGER, email TEXT, what TEXT);
   INSERT INTO orders VALUES ${of.map((at, i) => `('${what}${i}', ${at + 1}, '${NAMES[at]}@x.org', '${what} ${i}')`).join(', ')};`;

async function proposalOf(hub: string, old: string) {
  const input = await mergeFacts(files, { stores: { 'hub.db': `${USERS} ${hub}`, 'old.db': `${USERS} ${old}` } });
  const found = propose(input);
  const identity = (answers: Readonly<Record<string, string>> = {}) =>
    found === null
      ? null
      : specWith(found, new Map(Object.entries(answers)), input).tables.find(({ table }) => table === 'orders')
          ?.identity;
  const questions = found?.questions.filter(({ topic }) => topic.startsWith('orders')) ?? [];
  return { identity, questions };
}

it('R18: an address that is of whom a row refers to does not tell rows apart, however unique it is; people may say that it does', async () => {
  const { identity, questions } = await proposalOf(
    orders('user_id', [0, 1, 2, 3, 4], 'tea'),
    orders('user_id', [2, 3, 4, 5, 6], 'jam'),
  );
  expect(identity()).toEqual({ kind: 'row' });
  const [asked, differ] = questions;
  expect(asked).toMatchObject({
    topic: 'orders-identity',
    evidence: [
      'orders refers by user_id to the table of users.email, which has these addresses: they are of whom a row is about, and one may have several',
      'email is not declared unique',
    ],
    proposal: 'not-email',
  });
  expect(identity({ 'orders-identity': 'email' })).toEqual({ kind: 'key', columns: ['email'] });
  expect(differ && decisionOf('merge-hub', differ).question).toContain(
    '(It counts only where hub-orders-identity is answered with email.)',
  );
});

it.each<[string, string, string]>([
  [
    'nothing refers to whom it is of',
    orders('amount', [0, 1, 2, 3, 4], 'tea'),
    orders('amount', [2, 3, 4, 5, 6], 'jam'),
  ],
  [
    'it is declared unique',
    orders('user_id', [0, 1, 2, 3, 4], 'tea').replace('email TEXT', 'email TEXT UNIQUE'),
    orders('user_id', [2, 3, 4, 5, 6], 'jam').replace('email TEXT', 'email TEXT UNIQUE'),
  ],
  [
    'its addresses are others than those of the rows that it refers to',
    orders('user_id', [0, 1, 2, 3, 4], 'tea').replaceAll('@x.org', '@shop.org'),
    orders('user_id', [2, 3, 4, 5, 6], 'jam').replaceAll('@x.org', '@shop.org'),
  ],
])('it is the identity without a question where %s', async (_, hub, old) => {
  const { identity, questions } = await proposalOf(hub, old);
  expect(identity()).toEqual({ kind: 'key', columns: ['email'] });
  expect(questions.map(({ topic }) => topic)).not.toContain('orders-identity');
});

it('not where one store has several rows of one person', async () => {
  const { identity, questions } = await proposalOf(
    orders('amount', [0, 1, 2, 3, 4], 'tea'),
    orders('amount', [2, 2, 3, 4, 5], 'jam'),
  );
  expect(identity()).not.toEqual({ kind: 'key', columns: ['email'] });
  expect(questions.map(({ topic }) => topic)).not.toContain('orders-identity');
});
