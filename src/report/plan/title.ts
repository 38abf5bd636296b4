/** The first line of a plan file: what it comes to, for who opens it. */
import { count, size } from '../../audit/wording.ts';
import { inWords } from '../../plan/estimate.ts';
import type { Lock } from '../../plan/lock-model.ts';
import type { Plan } from '../../plan/model.ts';

export function titleOf({ plan, actions, decisions }: Plan, lock: Lock): string {
  const open = decisions.filter(({ chosen }) => chosen === null).length;
  const all = actions.filter(({ skip }) => !skip).flatMap(({ id }) => lock.actions[id] ?? []);
  const seconds = all.reduce((sum, one) => sum + one.seconds, 0);
  const freed = all.reduce((sum, { bytes }) => sum + bytes.freed, 0);
  const asked = decisions.length === 0 ? '' : `, ${count(decisions.length, 'decision')} (${open} open)`;
  const leaves = freed > 0 ? `, ${size(freed)} leave the project` : '';
  return `${plan.replace(/-[0-9a-f]{4}$/, '')} · ${count(actions.length, 'action')}${asked}, about ${inWords(seconds)}${leaves}, everything can go back`;
}
