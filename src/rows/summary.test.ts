import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startDigest } from './digest.ts';
import { startSummary, type TableSummary } from './summary.ts';
import type { Row } from './value.ts';

const NOW = Date.UTC(2026, 0, 1);

function summarise(
  columns: readonly string[],
  rows: readonly Row[],
  digestRows = 1_000,
  sampleRows = 100,
): TableSummary {
  const summary = startSummary(columns, { digestRows, sampleRows, now: NOW });
  for (const row of rows) summary.add(row);
  return summary.finish();
}

const numbered = (count: number): readonly Row[] => Array.from({ length: count }, (_, i) => [BigInt(i), `row ${i}`]);

describe('a summary', () => {
  it('counts, profiles, sketches and digests a small table whole', () => {
    const rows = [...numbered(10), [null, ''], [10n, null]] satisfies readonly Row[];
    const digest = startDigest(['id', 'text']);
    for (const row of rows) digest.add(row);
    const summary = summarise(['id', 'text'], rows);
    expect(summary).toMatchObject({ rows: 12, digest: digest.hex() });
    expect(summary.profiles).toEqual([
      { shape: 'integer', nulls: 1 / 12, distinct: 1, nonAscii: false },
      { shape: 'text', nulls: 1 / 12, distinct: 1, nonAscii: false },
    ]);
    expect(summary.sketch).toMatchObject({ sampledRows: 12, complete: true });
    // Null and empty text take no part in the sketch.
    expect(summary.sketch.columns.text).toHaveLength(10);
  });

  it('has a digest up to the limit and none beyond it', () => {
    expect(summarise(['id', 'text'], numbered(50), 50).digest).toBeDefined();
    expect(summarise(['id', 'text'], numbered(51), 50).digest).toBeUndefined();
  });

  it('of a large table counts all rows and profiles the first ones', () => {
    const rows = [...numbered(199), [0n, null], ...Array.from({ length: 300 }, (): Row => [0n, null])] as const;
    const summary = summarise(['id', 'text'], rows, 50, 200);
    expect(summary).toMatchObject({ rows: 500, sketch: { sampledRows: 200, complete: false } });
    expect(summary.profiles[1]?.nulls).toBe(1 / 200);
  });

  it('of no rows is a summary too', () => {
    const { profiles, ...summary } = summarise(['id'], []);
    expect(profiles).toEqual([{ shape: 'empty', nulls: 0, distinct: 0, nonAscii: false }]);
    expect(summary).toMatchObject({ rows: 0, digest: startDigest(['id']).hex() });
    expect(summary.freshness).toBeUndefined();
    expect(summary.demo).toBeUndefined();
  });

  it('tells how different values are, and letters beyond ASCII', () => {
    const rows = ['a', 'b', 'a', 'é'].map((text): Row => [text]);
    expect(summarise(['v'], rows).profiles[0]).toMatchObject({ distinct: 0.75, nonAscii: true });
  });

  it('keeps a way of writing only where all values are written so', () => {
    const day = (text: string): Row => [text];
    const alike = [day('2025-09-16 10:00:00'), day('2025-09-17 10:00:00')];
    expect(summarise(['v'], alike).profiles[0]).toMatchObject({ shape: 'timestamp-space', form: '19' });
    expect(summarise(['v'], [...alike, day('2025-09-17 10:00')]).profiles[0]?.form).toBeUndefined();
  });
});

describe('freshness', () => {
  const at = (columns: readonly string[], ...rows: readonly Row[]): unknown => summarise(columns, rows).freshness;

  it('is the newest moment of a column that records events, in any spelling', () => {
    const rows: readonly Row[] = [['2025-09-16 10:00:00'], [1_758_100_000n], ['not yet'], [null]];
    expect(at(['created_at'], ...rows)).toEqual({ at: '2025-09-17T09:06:40.000Z', column: 'created_at' });
  });

  it('never lies in the future, and not in a column of plans', () => {
    expect(at(['created_at'], ['2026-01-01'], ['2026-01-02'])).toEqual({
      at: '2026-01-01T00:00:00.000Z',
      column: 'created_at',
    });
    expect(at(['expires_at'], ['2025-09-16'])).toBeUndefined();
    expect(at(['name'], ['2025-09-16'])).toBeUndefined();
  });

  it('is looked for in all rows, sampled or not', () => {
    const rows = [...numbered(300).map(([id = null]): Row => [id, '2025-01-01']), [1n, '2025-12-24'] as Row];
    expect(summarise(['id', 'created_at'], rows, 10, 20).freshness?.at).toBe('2025-12-24T00:00:00.000Z');
  });
});

describe('no value leaks', () => {
  it('from any rows: a summary holds numbers, names of columns, shapes and hashes', () => {
    const secret = fc.stringMatching(/^[A-Za-z]{3}~[\w@. -]{4,20}$/);
    const spelt = fc.oneof(
      secret,
      secret.map((text) => `${text}@x.org`),
      secret.map((text) => `{"${text}":1}`),
      secret.map((text) => Buffer.from(text)),
      secret.map((text) => `test user ${text}`),
    );
    const rows = fc.array(fc.tuple(spelt, spelt, spelt), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(rows, (table) => {
        const columns = ['name', 'email', 'created_at'];
        const summary = JSON.stringify(summarise(columns, table));
        for (const value of table.flat()) {
          const text = String(value);
          for (const part of [text, Buffer.from(text).toString('hex'), Buffer.from(text).toString('base64')]) {
            expect(summary).not.toContain(part);
          }
        }
        expect(summary).not.toContain('~');
      }),
    );
  });

  it('nor from rows that look like a demo', () => {
    const rows = ['Test User 77', 'Lorem ipsum dolor', 'demo@example.org'].map((text): Row => [text, text]);
    const summary = summarise(['name', 'email'], rows);
    expect(summary.demo?.rows).toBe(3);
    expect(JSON.stringify(summary)).not.toMatch(/user|lorem|example/i);
  });
});
