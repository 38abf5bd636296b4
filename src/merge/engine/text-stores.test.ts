/** Records of text files, staged without types: how they come into tables of every kind. */
import { afterAll, describe, expect, it } from 'vitest';
import { byKey, mergeGround, refers } from '../../../test/merge-ground.ts';
import type { PartSpec } from '../model.ts';

const ground = mergeGround();
afterAll(() => ground.remove());

/** As a plan says it of columns of numbers: text of a file is written as a number. */
const numbers =
  (...names: readonly string[]) =>
  (part: PartSpec): PartSpec => ({
    ...part,
    columns: {
      ...part.columns,
      ...Object.fromEntries(names.map((name) => [name, { from: name, form: 'number' as const }])),
    },
  });

describe('text stores', () => {
  it('a file of pairs comes into a table of two keys', () => {
    const { rows, counts } = ground.merge({
      target: `CREATE TABLE links (a TEXT, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID; INSERT INTO links VALUES ('x', 1)`,
      sources: [`CREATE TABLE links (a, b); INSERT INTO links VALUES ('x','1'), ('x','2')`],
      kind: 'text',
      tables: { links: { identity: byKey('a', 'b'), from: numbers('b') } },
    });
    expect(counts).toEqual(['1/1/0/0']);
    expect(rows('SELECT a, b FROM links ORDER BY b')).toEqual([
      ['x', 1],
      ['x', 2],
    ]);
  });
  it('a number that is written as text refers to the number, as in the table that both come into', () => {
    const { rows } = ground.merge({
      target: `CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE notes (who TEXT, list TEXT, what TEXT);
        INSERT INTO people VALUES (1, 'of the target')`,
      sources: [
        `CREATE TABLE people (id, name); INSERT INTO people VALUES (1, 'ada'), (2, 'bob');
         CREATE TABLE notes (who, list, what); INSERT INTO notes VALUES ('1', '["1", 2]', 'a'), ('2', '[]', 'b')`,
      ],
      kind: 'text',
      tables: {
        people: { surrogate: 'id', from: numbers('id') },
        notes: {
          references: [
            { ...refers('who', 'people'), kind: 'inferred' },
            { ...refers('list', 'people'), kind: 'json' },
          ],
        },
      },
    });
    expect(rows('SELECT what, name FROM notes JOIN people ON id = who ORDER BY 1')).toEqual([
      ['a', 'ada'],
      ['b', 'bob'],
    ]);
    expect(
      rows(
        "SELECT p.name FROM notes, json_each(list) e JOIN people p ON p.id = e.value WHERE what = 'a' ORDER BY 1",
      ).flat(),
    ).toEqual(['ada', 'bob']);
  });
  it('whoever refers to a row that is refused is taken out with it, one after the other', () => {
    const { rows, counts } = ground.merge({
      target: "CREATE TABLE parts (id INTEGER PRIMARY KEY, name TEXT CHECK (name IS NOT 'no'), whole INTEGER)",
      sources: [
        `CREATE TABLE parts (id, name, whole);
         INSERT INTO parts VALUES ('4','no',NULL), ('5','b','4'), ('9','c','5'), ('12','d','9'), ('13','e',NULL)`,
      ],
      kind: 'text',
      tables: {
        parts: {
          identity: { kind: 'none' },
          surrogate: 'id',
          references: [refers('whole', 'parts')],
          from: numbers('id', 'whole'),
        },
      },
    });
    expect(counts).toEqual(['1/0/0/4']);
    expect(rows('SELECT name FROM parts').flat()).toEqual(['e']);
  });
  it('empty text is nothing, but where it is the key of a row', () => {
    const notes = 'CREATE TABLE notes (what TEXT, tag TEXT)';
    const merged = (tags: string) =>
      ground
        .merge({
          target: `CREATE TABLE tags (name TEXT PRIMARY KEY, said TEXT); ${notes}`,
          sources: [
            `CREATE TABLE tags (name, said); ${tags}; ${notes}; INSERT INTO notes VALUES ('a', ''), ('b', 'x')`,
          ],
          kind: 'text',
          tables: {
            tags: { identity: byKey('name') },
            notes: {
              references: [{ ...refers('tag', 'tags', 'name'), kind: 'inferred' }],
              from: (part) => ({ ...part, columns: { ...part.columns, tag: { from: 'tag', form: 'empty-is-null' } } }),
            },
          },
        })
        .rows('SELECT tag FROM notes ORDER BY what');
    expect(merged("INSERT INTO tags VALUES ('', 'none'), ('x', 'X')")).toEqual([[''], ['x']]);
    expect(merged("INSERT INTO tags VALUES ('x', 'X')")).toEqual([[null], ['x']]);
  });
  it('and where the ids are those of the target, and one of its keys is empty', () => {
    const tags = 'CREATE TABLE tags (name TEXT, n INTEGER, PRIMARY KEY (name, n))';
    const notes = 'CREATE TABLE notes (what TEXT, tag TEXT, tag_n INTEGER)';
    const merged = (own: string) =>
      ground
        .merge({
          target: `${tags}; ${own}; ${notes}`,
          sources: ["CREATE TABLE notes (what, tag, tag_n); INSERT INTO notes VALUES ('a', '', '0')"],
          kind: 'text',
          tables: {
            tags: { identity: byKey('name', 'n') },
            notes: {
              references: [{ kind: 'declared', columns: ['tag', 'tag_n'], to: 'tags', toColumns: ['name', 'n'] }],
              from: (part) => ({
                ...part,
                columns: {
                  ...part.columns,
                  tag: { from: 'tag', form: 'empty-is-null' },
                  tag_n: { from: 'tag_n', form: 'number' },
                },
                idsOf: { tag: 'target', tag_n: 'target' },
              }),
            },
          },
        })
        .rows('SELECT tag, tag_n FROM notes');
    expect(merged("INSERT INTO tags VALUES ('', 0)")).toEqual([['', 0]]);
    expect(merged("INSERT INTO tags VALUES ('x', 0)")).toEqual([[null, 0]]);
  });
});
