/**
 * Which columns could say that a row here and a row there are the same entity: declared keys, and columns whose values
 * are all different. Surrogate numbers are candidates like others; whether they are identity is measured, not assumed.
 */
import type { KeyEvidence } from '../audit/model.ts';
import type { Column, Table } from '../stores/model.ts';
import type { Pair, Pairing } from './compare-sql.ts';
import { plainName } from './match-columns.ts';
import { isEventTime } from './timestamp.ts';

export interface CandidateKey {
  readonly pairs: readonly Pair[];
  readonly kind: Exclude<KeyEvidence['kind'], 'row'>;
  /** A number that the database gave: equal numbers in two files say nothing by themselves. */
  readonly surrogate: boolean;
  /** Matching rows must agree in what else tells rows apart: surrogates, and columns that merely happen to be distinct. */
  readonly needsAgreement: boolean;
  /** Declared unique on both sides, so that it need not be measured. */
  readonly declared: { readonly a: boolean; readonly b: boolean };
}

/** More candidates than this bring no more insight, only time. */
const NATURAL_KEYS = 4;
/** Names that people use for what identifies a thing in the world, best first. */
const TELLING_NAMES = [
  'email',
  'username',
  'login',
  'slug',
  'uuid',
  'guid',
  'sku',
  'isbn',
  'externalid',
  'code',
  'handle',
  'phone',
  'url',
  'path',
  'filename',
  'key',
  'name',
  'title',
];

export function candidateKeys(a: Table, b: Table, pairs: readonly Pair[]): readonly CandidateKey[] {
  const byA = new Map(pairs.map((pair) => [pair.a, pair]));
  const byB = new Map(pairs.map((pair) => [pair.b, pair]));
  const found = new Map<string, CandidateKey>();
  const add = (columns: readonly (Pair | undefined)[], kind: CandidateKey['kind']): void => {
    const key = columns.filter((pair) => pair !== undefined);
    if (key.length === 0 || key.length !== columns.length) return;
    const id = key
      .map((pair) => pair.a)
      .sort()
      .join('\0');
    if (found.has(id)) return;
    const declared = {
      a: isDeclared(
        a,
        key.map((pair) => pair.a),
      ),
      b: isDeclared(
        b,
        key.map((pair) => pair.b),
      ),
    };
    const surrogate = key.length === 1 && isSurrogate(a, b, key[0]);
    const needsAgreement = surrogate || (kind === 'natural' && !key.every((pair) => isStrong(a, pair)));
    found.set(id, { pairs: key, kind, surrogate, needsAgreement, declared });
  };
  if (a.primaryKey.length > 0)
    add(
      a.primaryKey.map((name) => byA.get(name)),
      'primary-key',
    );
  if (b.primaryKey.length > 0)
    add(
      b.primaryKey.map((name) => byB.get(name)),
      'primary-key',
    );
  for (const columns of a.unique)
    add(
      columns.map((name) => byA.get(name)),
      'unique',
    );
  for (const columns of b.unique)
    add(
      columns.map((name) => byB.get(name)),
      'unique',
    );
  for (const pair of naturalColumns(a, b, pairs)) add([pair], 'natural');
  return [...found.values()];
}

/** Columns that a database or a generator filled to name rows: where rows are recognised otherwise, they may differ. */
export function surrogatePairs({ a, b, match }: Pick<Pairing, 'a' | 'b' | 'match'>): readonly Pair[] {
  const isKey = (table: Table, name: string): boolean => table.primaryKey.length === 1 && table.primaryKey[0] === name;
  return match.pairs.filter(
    (pair) =>
      isSurrogate(a, b, pair) || (/(^|_)(id|uuid|guid)$/i.test(pair.a) && (isKey(a, pair.a) || isKey(b, pair.b))),
  );
}

/** Values of these shapes mean the same thing wherever they stand. */
function isStrong(table: Table, pair: Pair): boolean {
  const shape = table.columns.find(({ name }) => name === pair.a)?.profile?.shape;
  return shape === 'email' || shape === 'uuid-dashed' || shape === 'uuid-hex';
}

function isDeclared(table: Table, columns: readonly string[]): boolean {
  const wanted = [...columns].sort().join('\0');
  return [table.primaryKey, ...table.unique].some((key) => key.length > 0 && [...key].sort().join('\0') === wanted);
}

/** A single integer primary key, or an `id` of integers in a file without declarations. */
function isSurrogate(a: Table, b: Table, pair: Pair | undefined): boolean {
  if (pair === undefined) return false;
  const isNumber = (table: Table, name: string): boolean => {
    const column = table.columns.find((other) => other.name === name);
    const shape = column?.profile?.shape;
    return shape === 'integer' || shape === 'integer-text' || (shape === undefined && /INT/i.test(column?.type ?? ''));
  };
  const isKey = (table: Table, name: string): boolean =>
    (table.primaryKey.length === 1 && table.primaryKey[0] === name) || /^(row)?id$/.test(plainName(name));
  return isNumber(a, pair.a) && isNumber(b, pair.b) && (isKey(a, pair.a) || isKey(b, pair.b));
}

function naturalColumns(a: Table, b: Table, pairs: readonly Pair[]): readonly Pair[] {
  const column = (table: Table, name: string): Column | undefined => table.columns.find((other) => other.name === name);
  return pairs
    .filter((pair) => {
      const x = column(a, pair.a);
      const y = column(b, pair.b);
      return x !== undefined && y !== undefined && identifies(x) && identifies(y);
    })
    .sort((x, y) => rank(x) - rank(y))
    .slice(0, NATURAL_KEYS);
}

function identifies(column: Column): boolean {
  const profile = column.profile;
  if (profile === undefined || profile.distinct < 0.999 || profile.nulls > 0.5) return false;
  if (isEventTime(column.name)) return false;
  return ['email', 'uuid-dashed', 'uuid-hex', 'text', 'token', 'integer-text'].includes(profile.shape);
}

function rank(pair: Pair): number {
  const name = plainName(pair.a);
  const at = TELLING_NAMES.findIndex((telling) => name === telling || name.endsWith(telling));
  return at === -1 ? TELLING_NAMES.length : at;
}

/** The surrogate first: it is the cheapest to measure, and often enough nothing is left over. Then what is declared. */
export function inOrder(candidates: readonly CandidateKey[]): readonly CandidateKey[] {
  const rank = (key: CandidateKey): number => (key.surrogate ? 0 : key.kind === 'natural' ? 2 : 1);
  return [...candidates].sort((x, y) => rank(x) - rank(y));
}
