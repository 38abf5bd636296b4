/**
 * Goes over the rows of a table once: count, digest, profile and sketch of each column, newest moment, demo rows. Memory
 * stays flat however many rows come; no value is kept.
 */
import type { ColumnProfile, Table, TableSketch } from '../stores/model.ts';
import { startDemo } from './demo-rows.ts';
import { startDigest } from './digest.ts';
import { startProfile } from './profile.ts';
import { isEventTime, parseTimestamp } from './timestamp.ts';
import type { Row } from './value.ts';

export interface SummaryOptions {
  /** A table of at most this many rows gets a digest and profiles of all its rows. */
  readonly digestRows: number;
  /** Of a larger table, at least the first this many rows are profiled. */
  readonly sampleRows: number;
  /** Moments after this (ms since the epoch) are not news. */
  readonly now: number;
}

export interface TableSummary {
  /** All rows added. */
  readonly rows: number;
  /** In the order of the columns. */
  readonly profiles: readonly ColumnProfile[];
  readonly sketch: TableSketch;
  /** Only where every row took part. */
  readonly digest?: string;
  readonly freshness?: { readonly at: string; readonly column: string };
  readonly demo?: NonNullable<Table['demo']>;
}

export interface SummaryBuilder {
  /** Cells in the order of the columns. */
  add(row: Row): void;
  finish(): TableSummary;
}

export function startSummary(columns: readonly string[], options: SummaryOptions): SummaryBuilder {
  const sampled = Math.max(options.digestRows, options.sampleRows);
  const digest = startDigest(columns);
  const profiles = columns.map(startProfile);
  const demo = startDemo(columns);
  const newest = startNewest(columns, options.now);
  let rows = 0;
  return {
    add: (row) => {
      rows++;
      newest.add(row);
      if (rows > sampled) return;
      if (rows <= options.digestRows) digest.add(row);
      for (let i = 0; i < profiles.length; i++) profiles[i]?.add(row[i] ?? null);
      demo.add(row);
    },
    finish: () => {
      const measured = profiles.map((profile) => profile.finish());
      const freshness = newest.finish();
      const found = demo.finish();
      return {
        rows,
        profiles: measured.map(({ profile }) => profile),
        sketch: {
          sampledRows: Math.min(rows, sampled),
          complete: rows <= sampled,
          columns: Object.fromEntries(columns.map((name, i) => [name, measured[i]?.sketch ?? []])),
        },
        ...(rows <= options.digestRows ? { digest: digest.hex() } : {}),
        ...(freshness === undefined ? {} : { freshness }),
        ...(found === undefined ? {} : { demo: found }),
      };
    },
  };
}

/** The newest moment, not in the future, in a column that records when rows came about. */
function startNewest(
  columns: readonly string[],
  now: number,
): { add(row: Row): void; finish(): TableSummary['freshness'] } {
  const watched = columns.flatMap((column, at) => (isEventTime(column) ? [{ column, at }] : []));
  let best: { readonly ms: number; readonly column: string } | undefined;
  return {
    add: (row) => {
      for (const { column, at } of watched) {
        const ms = parseTimestamp(row[at] ?? null);
        if (ms !== null && ms <= now && (best === undefined || ms > best.ms)) best = { ms, column };
      }
    },
    finish: () => (best === undefined ? undefined : { at: new Date(best.ms).toISOString(), column: best.column }),
  };
}
