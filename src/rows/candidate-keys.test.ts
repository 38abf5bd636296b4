import { describe, expect, it } from 'vitest';
import { column, table } from '../../test/builders/facts.ts';
import type { Table } from '../stores/model.ts';
import { type CandidateKey, candidateKeys, surrogatePairs } from './candidate-keys.ts';
import { matchColumns } from './match-columns.ts';

const keys = (a: Table, b: Table): readonly CandidateKey[] => candidateKeys(a, b, matchColumns(a, b, false).pairs);
/** `kind a+b`, with what else is said of the key. */
const told = (a: Table, b: Table): readonly string[] =>
  keys(a, b).map((key) =>
    [
      key.kind,
      key.pairs.map((pair) => pair.a).join('+'),
      key.surrogate ? 'surrogate' : '',
      key.needsAgreement ? 'needs agreement' : '',
      key.declared.a && key.declared.b ? 'declared' : '',
    ]
      .filter((word) => word !== '')
      .join(' '),
  );

const plain = (columns: readonly string[], more: Partial<Table> = {}): Table =>
  table('t', 9, columns, { primaryKey: [], ...more });

describe('candidate keys', () => {
  it('R1: a number that the database gave is a candidate that has to prove itself; an e-mail is not', () => {
    const people = plain(['id:integer', 'email:email'], { primaryKey: ['id'] });
    expect(told(people, people)).toEqual(['primary-key id surrogate needs agreement declared', 'natural email']);
  });

  it('declared keys of either side count, each once', () => {
    const a = plain(['id:integer', 'slug', 'code'], { primaryKey: ['id'], unique: [['slug']] });
    const b = plain(['id:integer', 'slug', 'code'], { primaryKey: ['slug'], unique: [['code'], ['slug']] });
    const found = keys(a, b);
    expect(found.map((key) => [key.kind, key.pairs[0]?.a, key.declared])).toEqual([
      ['primary-key', 'id', { a: true, b: false }],
      ['primary-key', 'slug', { a: true, b: true }],
      ['unique', 'code', { a: false, b: true }],
    ]);
  });

  it('R12: a composite key is one, whatever the order of its columns', () => {
    const a = plain(['x:integer', 'y:integer'], { primaryKey: ['x', 'y'] });
    const b = plain(['y:integer', 'x:integer'], { primaryKey: ['y', 'x'] });
    expect(told(a, b)).toEqual(['primary-key x+y declared']);
  });

  it('a key that names a column the other side lacks is none', () => {
    const a = plain(['x:integer', 'y:integer'], { primaryKey: ['x', 'y'] });
    expect(told(a, plain(['x:integer']))).toEqual([]);
  });

  it('an `id` of a file without declarations is a surrogate too', () => {
    const csv = plain(['id:integer-text', 'title']);
    expect(told(csv, csv)).toEqual(['natural title needs agreement', 'natural id surrogate needs agreement']);
  });

  it('columns that merely happen to be distinct need agreement, telling names first, at most four', () => {
    const many = plain(['p', 'q', 'r', 'name', 'slug', 'u:uuid-hex']);
    expect(told(many, many)).toEqual([
      'natural slug needs agreement',
      'natural name needs agreement',
      'natural p needs agreement',
      'natural q needs agreement',
    ]);
  });

  it.each<[string, string, number]>([
    ['repeats', 'slug', 0.99],
    ['is a moment', 'created_at', 1],
    ['holds numbers', 'n:real', 1],
    ['holds hashes', 'slug:password-hash', 1],
  ])('a column that %s is no natural key', (_, spec, distinct) => {
    const one = table('t', 9, [column(spec, distinct)], { primaryKey: [] });
    expect(told(one, one)).toEqual([]);
  });

  it('nor one that is mostly NULL, or was not measured', () => {
    const mostly = column('slug');
    const { profile, ...bare } = mostly;
    const empty = profile === undefined ? mostly : { ...mostly, profile: { ...profile, nulls: 0.6 } };
    for (const one of [empty, bare]) {
      const t = table('t', 9, [one], { primaryKey: [] });
      expect(told(t, t)).toEqual([]);
    }
  });
});

describe('surrogate pairs', () => {
  it('are numbers and generated names of rows, in keys only', () => {
    const a = plain(['uuid', 'owner_id', 'n:integer'], { primaryKey: ['uuid'] });
    const match = matchColumns(a, a, false);
    expect(surrogatePairs({ a, b: a, match }).map((pair) => pair.a)).toEqual(['uuid']);
    const b = plain(['id:integer', 'code:integer'], { primaryKey: ['id'] });
    expect(surrogatePairs({ a: b, b, match: matchColumns(b, b, false) }).map((pair) => pair.a)).toEqual(['id']);
  });
});
