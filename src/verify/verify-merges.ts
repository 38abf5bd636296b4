/** Every row of every source has one presence, and is where its ledger says: read from the data, not from counters (promise 2). */
import type { LedgerLine } from '../apply/model.ts';
import { count, list } from '../audit/wording.ts';
import { declaredRules, troubleInWords } from '../merge/declared/troubles.ts';
import type { Judged, VerifiedMerge } from './model.ts';

/** Nothing where nothing was merged. */
export function mergesFinding(merges: readonly VerifiedMerge[]): Judged {
  if (merges.length === 0) return { findings: [], notVerified: [] };
  const seen = merges.filter(({ verification }) => verification !== null);
  const places = seen.flatMap(({ about, verification }) =>
    (verification?.problems ?? []).map(({ table, source, rows, detail }) => ({
      path: about.target,
      what: `${source === null ? table : `${table} of ${source}`}: ${detail} (${count(rows, 'row')})`,
    })),
  );
  const rows = seen.reduce((sum, { verification }) => sum + (verification?.rows ?? 0), 0);
  const into = list(seen.map(({ about }) => about.target));
  const detail =
    places.length === 0
      ? `${count(rows, 'row')} compared, every one accounted for in ${into}`
      : `${count(places.length, 'thing')} in ${into} ${places.length === 1 ? 'is' : 'are'} not as the ledger says`;
  return {
    findings: seen.length === 0 ? [] : [{ what: 'ledger', ok: places.length === 0, detail, places }],
    notVerified: merges.flatMap(({ about, verification, why }) => [
      ...(verification === null ? [{ what: `ledger of ${about.action}`, why: why ?? 'it could not be read' }] : []),
      ...(verification?.notVerified ?? []).map((one) => ({ ...one, what: `${one.what} of ${about.target}` })),
    ]),
  };
}

/**
 * The code's own tables against the merged rows (trap R15). What was reviewed before the merge is no failure of it; it is listed until the
 * code is edited.
 */
export function declaredFinding(merges: readonly VerifiedMerge[]): Judged {
  const seen = merges.flatMap(({ about, declared }) => (declared === undefined ? [] : [{ about, declared }]));
  const tried = seen.reduce((sum, { declared }) => sum + declared.tables.length, 0);
  if (tried === 0) return { findings: [], notVerified: [] };
  const troubles = seen.flatMap(({ about, declared }) => {
    const known = new Set(declaredRules(about.declared ?? { troubles: [] }));
    return declared.troubles.map((one) => ({
      ...one,
      what: `declares ${one.table} of ${about.target} otherwise: it ${troubleInWords(one)}`,
      isKnown: declaredRules({ troubles: [one] }).every((rule) => known.has(rule)),
    }));
  });
  const places = troubles.filter(({ isKnown }) => !isKnown).map(({ path, line, what }) => ({ path, line, what }));
  const detail =
    places.length === 0
      ? `${count(tried, 'table')} of the code ${tried === 1 ? 'takes' : 'take'} the merged rows${troubles.length === 0 ? '' : ', but for what was decided'}`
      : `${count(places.length, 'table')} of the code ${places.length === 1 ? 'does' : 'do'} not take the merged rows as they are`;
  return {
    findings: [{ what: 'declared', ok: places.length === 0, detail, places }],
    notVerified: [
      ...troubles
        .filter(({ isKnown }) => isKnown)
        .map(({ path, line, what }) => ({ what: `${path}:${line}`, why: `${what}; as decided, until it is edited` })),
      ...seen.flatMap(({ declared }) =>
        declared.untried.map(({ what, why }) => ({ what, why: `could not be tried on the merged rows: ${why}` })),
      ),
    ],
  };
}

/** Of each source table. What of it could not be read again is not told. */
export function ledgerLines(merges: readonly VerifiedMerge[]): readonly LedgerLine[] {
  return merges.flatMap(({ about, verification }) =>
    verification === null
      ? []
      : about.result.parts.map(({ source, sourceTable, rows, inserted, identical, merged, retained, conflicts }) => ({
          store: about.spec.sources[source]?.path ?? '',
          table: sourceTable,
          rows,
          inserted,
          identical,
          merged,
          retained,
          conflicts,
        })),
  );
}
