/** What the owner wants to hold after a run, as `targets` of `desprawl.yaml` says. What is not asked is not judged. */
import type { Structure, VerifyFinding } from '../apply/model.ts';
import type { Config } from '../config/config.ts';

export function targetsFinding(targets: Config['targets'], now: Structure): VerifyFinding | null {
  const asked: (readonly [what: string, is: number, atMost: number])[] = [
    ...(targets.stores === undefined ? [] : [['stores', now.stores.length, targets.stores] as const]),
    ...(targets.connectionModules === undefined
      ? []
      : [['modules with connections', now.connectionModules, targets.connectionModules] as const]),
    ...Object.entries(targets.findings).map(([code, atMost]) => [code, now.findings[code] ?? 0, atMost] as const),
  ];
  if (asked.length === 0) return null;
  const missed = asked.filter(([, is, atMost]) => is > atMost);
  return {
    what: 'targets',
    ok: missed.length === 0,
    detail:
      missed.length === 0
        ? asked.map(([what, is, atMost]) => `${is} of at most ${atMost} ${what}`).join(', ')
        : missed.map(([what, is, atMost]) => `${is} ${what}, at most ${atMost} are wanted`).join(', '),
    places: [],
  };
}
