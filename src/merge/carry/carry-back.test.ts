/** Rows written after a merge that is taken back (trap R22): found, carried to the stores that had them, or kept aside with the reason. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Hand } from '../../../test/merge/hand-made.ts';
import { threeStores as made } from '../../../test/merge/three-stores.ts';

let hand: Hand;
afterEach(() => hand.close());

const USERS = 'SELECT id, email, name FROM users ORDER BY id';
const PEOPLE = 'SELECT id, email, full_name, phone FROM people ORDER BY id';
const ORDERS = 'SELECT id, user_id, what FROM orders ORDER BY id';
const sums = (
  tables: readonly {
    table: string;
    inserted: number;
    changed: number;
    deleted: number;
    carried: number;
    aside: number;
  }[],
): unknown =>
  Object.fromEntries(
    tables.map((one) => [one.table, [one.inserted, one.changed, one.deleted, one.carried, one.aside]]),
  );

describe('trap R22: rows written after the run, before it is taken back', () => {
  it('nothing was written: nothing is carried', () => {
    hand = made();
    hand.write('VACUUM');
    expect(hand.carry()).toMatchObject({ tables: [], schema: [], written: [] });
    expect(hand.aside()).toEqual([]);
  });

  it('a changed row changes in every store that had it, in the columns that the store has', () => {
    hand = made();
    hand.write("UPDATE users SET name = 'Anna', phone = '9' WHERE id = 1; UPDATE users SET name = 'Sid' WHERE id = 11");
    const { tables, written } = hand.carry();
    expect(sums(tables)).toEqual({ users: [0, 2, 0, 2, 0] });
    expect(tables[0]?.columns).toEqual({ name: 2, phone: 1 });
    expect(tables[0]?.to).toEqual({ target: 1, auth: 2, shop: 1 });
    expect(written).toEqual(['target', 'auth', 'shop']);
    expect(hand.read('target.out', USERS)).toEqual([
      ['1', 'ann@x', 'Anna'],
      ['2', 'bob@x', 'Bob'],
    ]);
    expect(hand.read('auth.out', 'SELECT * FROM users ORDER BY id')).toEqual([
      ['1', 'cid@x', 'Sid', 'c'],
      ['2', 'ann@x', 'Anna', 'a'],
    ]);
    expect(hand.read('shop.out', PEOPLE)).toEqual([
      ['1', 'dan@x', 'Dan', '1'],
      ['2', 'ann@x', 'Anna', '9'],
    ]);
  });

  it('a deleted row goes in every store that had it', () => {
    hand = made();
    hand.write('DELETE FROM orders WHERE user_id = 1; DELETE FROM notes; DELETE FROM users WHERE id = 1');
    expect(sums(hand.carry().tables)).toEqual({
      users: [0, 0, 1, 1, 0],
      notes: [0, 0, 1, 1, 0],
      orders: [0, 0, 1, 1, 0],
    });
    expect(hand.read('target.out', USERS)).toEqual([['2', 'bob@x', 'Bob']]);
    expect(hand.read('auth.out', USERS)).toEqual([['1', 'cid@x', 'Cid']]);
    expect(hand.read('shop.out', PEOPLE)).toEqual([['1', 'dan@x', 'Dan', '1']]);
    expect(hand.read('shop.out', ORDERS)).toEqual([['1', '1', 'hat']]);
  });

  it('a new row goes where what it refers to lives, under the old key; else to the target', () => {
    hand = made();
    hand.write(`INSERT INTO users VALUES (30, 'eva@x', 'Eva', NULL);
      INSERT INTO orders VALUES (3, 21, 'pen'); INSERT INTO notes VALUES (7, 30, 'of Eva'), (8, 2, 'of Bob');`);
    const { tables } = hand.carry();
    expect(sums(tables)).toEqual({ users: [1, 0, 0, 1, 0], notes: [2, 0, 0, 2, 0], orders: [1, 0, 0, 1, 0] });
    expect(hand.read('shop.out', ORDERS)).toEqual([
      ['1', '1', 'hat'],
      ['2', '2', 'cup'],
      ['3', '1', 'pen'],
    ]);
    expect(hand.read('target.out', USERS)).toContainEqual(['30', 'eva@x', 'Eva']);
    expect(hand.read('target.out', 'SELECT id, user_id FROM notes ORDER BY id')).toEqual([
      ['1', '1'],
      ['7', '30'],
      ['8', '2'],
    ]);
    expect(hand.read('target.out', 'SELECT seq FROM sqlite_sequence')).toEqual([['8']]);
  });

  it('new rows that refer to each other stay together, with new numbers where theirs are taken', () => {
    hand = made();
    hand.write("INSERT INTO users VALUES (2000, 'eva@x', 'Eva', '7'); INSERT INTO orders VALUES (9, 2000, 'map')");
    hand.make('unused', 'SELECT 1');
    // Only the shop has orders: Eva goes there too, and her phone with her.
    expect(sums(hand.carry().tables)).toEqual({ users: [1, 0, 0, 1, 0], orders: [1, 0, 0, 1, 0] });
    expect(hand.read('shop.out', PEOPLE)).toContainEqual(['2000', 'eva@x', 'Eva', '7']);
    expect(hand.read('shop.out', ORDERS)).toContainEqual(['9', '2000', 'map']);
    hand.close();
    hand = made();
    hand.write(
      "DELETE FROM orders WHERE id = 1; DELETE FROM users WHERE id = 2; INSERT INTO users VALUES (3, 'eva@x', 'Eva', '7')",
    );
    hand.write(
      "INSERT INTO orders VALUES (20, 3, 'map'); UPDATE users SET id = 1000 WHERE id = 3; UPDATE orders SET user_id = 1000 WHERE id = 20",
    );
    expect(sums(hand.carry().tables)).toEqual({ users: [1, 0, 1, 2, 0], orders: [1, 0, 1, 2, 0] });
  });

  it('a row whose references lie in two stores goes aside, with the row', () => {
    hand = made();
    hand.write("INSERT INTO orders VALUES (5, 11, 'tea')");
    const { tables, written } = hand.carry();
    expect(sums(tables)).toEqual({ orders: [1, 0, 0, 0, 1] });
    expect(written).toEqual([]);
    expect(hand.aside()).toMatchObject([
      {
        store: 'target',
        table: 'orders',
        is: 'inserted',
        why: [{ reason: 'references-apart' }],
        now: { id: 5, user_id: 11, what: 'tea' },
      },
    ]);
  });

  it('what a store refuses goes aside, and what refers to it', () => {
    hand = made();
    hand.write(`PRAGMA ignore_check_constraints = ON; INSERT INTO orders VALUES (5, 21, 'no');
      UPDATE users SET email = 'dan@x' || rowid WHERE id = 21; INSERT INTO users VALUES (40, 'dan@x', 'New Dan', 'p');`);
    const { tables } = hand.carry();
    expect(sums(tables)).toEqual({ users: [1, 1, 0, 2, 0], orders: [1, 0, 0, 0, 1] });
    expect(hand.aside()).toMatchObject([{ table: 'orders', why: [{ reason: 'refused', store: 'shop' }] }]);
    expect(hand.read('shop.out', PEOPLE)).toContainEqual(['1', 'dan@x21', 'Dan', '1']);
  });
});
