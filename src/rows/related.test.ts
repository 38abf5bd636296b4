import { describe, expect, it } from 'vitest';
import { column, table } from '../../test/builders/facts.ts';
import type { Table } from '../stores/model.ts';
import { type Kinship, kinship } from './related.ts';
import { sketchHash, startBottom } from './sketch.ts';
import { familyName } from './table-index.ts';

/** A table of `rows` rows; `from`: where its values begin, so that two tables share what their ranges share. */
function made(name: string, columns: readonly string[], from: number, rows = 20): Table {
  const sketch = columns.map((spec) => {
    const bottom = startBottom();
    for (let i = from; i < from + rows; i++) bottom.add(sketchHash(`${spec} ${i}`, false));
    return [spec.split(':')[0] ?? '', bottom.smallest()] as const;
  });
  return table(name, rows, columns, {
    sketch: { sampledRows: rows, complete: true, columns: Object.fromEntries(sketch) },
  });
}

const TASK = ['id:integer', 'title', 'owner', 'due:timestamp-t', 'status'];

describe('two tables', () => {
  it.each<[string, Table, Table, Kinship]>([
    ['of one name and shape, with the same rows', made('tasks', TASK, 0), made('tasks', TASK, 0), 'same-kind'],
    ['of one name and shape, with other rows', made('tasks', TASK, 0), made('tasks', TASK, 90), 'same-kind'],
    ['R4: of other names, with shared rows', made('tasks', TASK, 0), made('dynamic_tasks', TASK, 10), 'same-kind'],
    ['of other names, alike, with no row in common', made('tasks', TASK, 0), made('jobs', TASK, 90), 'no'],
    [
      'R5: of one name, that are unrelated',
      made('events', ['id:integer', 'title', 'starts', 'room'], 0),
      made('events', ['id:integer', 'level', 'source', 'payload'], 0),
      'name-only',
    ],
    [
      'R5: of one name, with only what all tables have in common',
      made('events', ['id:integer', 'name', 'created_at', 'room', 'seats', 'price'], 0),
      made('events', ['id:integer', 'name', 'created_at', 'level', 'source', 'host'], 500),
      'name-only',
    ],
    [
      'X1: an export with fewer columns, of another name',
      made('users', ['id:integer', 'email:email', 'login', 'password', 'role', 'last_login'], 0),
      made('export', ['email:email', 'login', 'role'], 0),
      'same-kind',
    ],
    ['without columns', made('a', [], 0), made('a', TASK, 0), 'no'],
    [
      'of other names and generic columns, with the same rows',
      made('a', ['id:integer', 'name', 'status'], 0),
      made('b', ['id:integer', 'name', 'status'], 0),
      'same-kind',
    ],
    [
      'of other names and generic columns, of which one agrees',
      made('a', ['id:integer', 'name', 'status'], 0),
      made('b', ['id:integer', 'name', 'status:token'], 0),
      'no',
    ],
    [
      'of a few rows each that share e-mails',
      made('users', ['id:integer', 'email:email', 'role'], 0, 3),
      made('members', ['id:integer', 'email:email', 'role'], 0, 3),
      'same-kind',
    ],
    [
      'of a few rows each that share numbers',
      made('prices', ['id:integer', 'amount:integer', 'sum:real'], 0, 3),
      made('scores', ['id:integer', 'amount:integer', 'sum:real'], 0, 3),
      'no',
    ],
  ])('%s', (_, a, b, expected) => {
    expect(kinship(a, b, false)).toBe(expected);
    expect(kinship(b, a, false)).toBe(expected);
  });

  it('where nothing was measured, are judged by name and columns alone', () => {
    const bare = (name: string): Table =>
      table(
        name,
        null,
        ['id', 'title', 'owner'].map((one) => column(one)),
      );
    expect(kinship(bare('tasks'), bare('task'), false)).toBe('same-kind');
    expect(kinship(bare('tasks'), bare('jobs'), false)).toBe('no');
  });
});

describe('namesakes', () => {
  it.each([
    ['user', 'users', true],
    ['UserRoles', 'user_role', true],
    ['tasks', 'dynamic_tasks', false],
    ['news', 'new', true],
    ['s', '', false],
    ['status', 'state', false],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(familyName(a) === familyName(b)).toBe(expected);
  });
});
