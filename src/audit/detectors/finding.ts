/** What makes a finding of what a detector noticed: its code, its identity over time, its place in the report. */
import { createHash } from 'node:crypto';
import type { Confidence, Finding, Severity } from '../model.ts';

/** What a detector returns. */
export type Draft = Omit<Finding, 'code' | 'fingerprint'>;

/** The command that compares two stores, as part of a draft; nothing where one of them is not known. */
export function diffCommand(
  a: string | undefined,
  b: string | undefined,
  table?: string,
): { readonly command?: readonly string[] } {
  if (a === undefined || b === undefined) return {};
  return { command: ['diff', a, b, ...(table === undefined ? [] : ['--table', table])] };
}

export function finish(code: string, draft: Draft): Finding {
  return { code, ...draft, fingerprint: fingerprint(code, draft) };
}

/** Code, places and tables; neither counts nor wording, so that a baseline outlives the next insert. */
function fingerprint(code: string, { at, tables = [] }: Draft): string {
  const places = at.map(({ path, line }) => [path, line ?? 0] as const);
  const refs = tables.map(({ store, table }) => [store, table] as const);
  const sorted = (parts: readonly (readonly (string | number)[])[]): readonly string[] =>
    [...new Set(parts.map((part) => JSON.stringify(part)))].sort();
  const text = JSON.stringify([code, sorted(places), sorted(refs)]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'good'];
const CONFIDENCES: readonly Confidence[] = ['proven', 'likely', 'possible'];

/** Worst first, surest first, then by code and path. */
export function compareFindings(x: Finding, y: Finding): number {
  const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return (
    SEVERITIES.indexOf(x.severity) - SEVERITIES.indexOf(y.severity) ||
    CONFIDENCES.indexOf(x.confidence) - CONFIDENCES.indexOf(y.confidence) ||
    text(x.code, y.code) ||
    text(x.at[0]?.path ?? '', y.at[0]?.path ?? '') ||
    text(x.fingerprint, y.fingerprint)
  );
}
