/** What stays in the sources of a merge, as its specification has it: tables that come in nowhere, and why. */
import { isLedger } from '../../audit/standing.ts';
import type { MergeSpec } from '../model.ts';
import { divide, sameName } from './divide.ts';
import type { Apart, MergeAsked, MergeFacts } from './model.ts';

export function behind(asked: MergeAsked, spec: MergeSpec, facts: MergeFacts): readonly Apart[] {
  const reasons = divide(asked, facts).apart;
  return asked.sources.flatMap((path): readonly Apart[] => {
    const at = spec.sources.findIndex((source) => source.path === path);
    const whole = reasons.find((one) => one.store === path && one.table === null);
    if (whole !== undefined) return [whole];
    const store = facts.stores.find((one) => one.path === path);
    if (store === undefined) return [];
    return store.tables.flatMap((table): readonly Apart[] => {
      const comesIn = spec.tables.some(({ parts }) =>
        parts.some((part) => part.source === at && sameName(part.table, table.name)),
      );
      if (comesIn || table.kind === 'shadow') return [];
      const known = reasons.find((one) => one.store === path && one.table === table.name);
      if (known !== undefined) return [known];
      const keeps = (table.rows ?? 1) > 0 && !isLedger(store, table.name);
      return [{ store: path, table: table.name, why: 'the plan lets it stay', keeps }];
    });
  });
}
