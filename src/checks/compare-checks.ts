/** What checks said before and after a run, side by side: a run may not make one worse. What was not run is nobody's good. */
import type { CheckResult, NotVerified } from '../apply/model.ts';
import type { CheckOutcome, MeasureOutcome } from './model.ts';

export interface ComparedChecks {
  readonly results: readonly CheckResult[];
  readonly notVerified: readonly NotVerified[];
}

export function compareChecks(before: readonly CheckOutcome[], after: readonly CheckOutcome[]): ComparedChecks {
  const was = new Map(before.map((one) => [one.name, one]));
  const results: CheckResult[] = [];
  const notVerified: NotVerified[] = [];
  for (const now of after) {
    const then = was.get(now.name);
    for (const path of now.unclear ?? []) {
      notVerified.push({
        what: `${path}, while check ${now.name} ran`,
        why: 'it changed, and another program has it open: which of them wrote cannot be told',
      });
    }
    if (now.ok === null) {
      notVerified.push({ what: `check ${now.name}`, why: now.said });
      continue;
    }
    results.push(compared(now, then));
  }
  return { results, notVerified };
}

function compared(now: CheckOutcome, then: CheckOutcome | undefined): CheckResult {
  const result = {
    name: now.name,
    before: then === undefined || then.ok === null ? null : then.said,
    after: now.said,
    ...(now.output === undefined ? {} : { output: now.output }),
  };
  if (now.wrote !== undefined) return { ...result, ok: false, why: 'it wrote into the project (DSP-CHECK-ESCAPED)' };
  if (now.ok === true) return { ...result, ok: true };
  if (then === undefined || then.ok === null) {
    return { ...result, ok: false, why: 'it fails, and whether it did before is not known' };
  }
  if (then.ok) return { ...result, ok: false, why: 'it passed before' };
  const same = then.value === now.value;
  return { ...result, ok: same, why: same ? 'it failed before as well' : 'it failed before, with another value' };
}

export function compareMeasures(measures: readonly MeasureOutcome[]): ComparedChecks {
  const results: CheckResult[] = [];
  const notVerified: NotVerified[] = [];
  for (const { name, of, before, after, ok, why } of measures) {
    if (before === null && after === null) {
      notVerified.push({ what: `measure ${name}`, why: why ?? 'it failed' });
      continue;
    }
    results.push({
      name,
      before: shown(of, before),
      after: shown(of, after),
      ok,
      ...(why === undefined ? {} : { why }),
    });
  }
  return { results, notVerified };
}

function shown(of: MeasureOutcome['of'], value: number | null): string | null {
  if (value === null) return null;
  if (of === 'memory') return `${(value / 1e6).toFixed(1)} MB`;
  return value < 1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(2)} s`;
}
