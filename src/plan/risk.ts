/** How bad it would be if an action were wrong: what a planner knows, and what its steps show, also of an action that a person wrote. */
import { codeUse } from '../audit/code-use.ts';
import type { LockedAction } from './lock-model.ts';
import type { Measured } from './measured.ts';
import type { Action, Risk } from './model.ts';

const ORDER: readonly Risk[] = ['low', 'medium', 'high'];

export function riskOf(
  action: Pick<Action, 'risk' | 'risks'>,
  locked: Pick<LockedAction, 'steps' | 'left'>,
  { audit }: Measured,
): { readonly risk: Risk; readonly risks: readonly string[] } {
  const found: { risk: Risk; why: string }[] = [];
  const going = locked.steps.flatMap((step) => (step.op === 'remove' || step.op === 'rename' ? [step.path] : []));
  for (const { id, path, kind, role, foreign } of audit.stores) {
    if (!going.includes(path) || foreign !== undefined) continue;
    const { users } = codeUse(id, audit.code.bindings);
    if (users.length > 0 && kind === 'sqlite' && role === 'live') {
      found.push({
        risk: 'high',
        why: `the application uses ${path}: rows written after the run are not in it after going back`,
      });
    }
  }
  const unsure = locked.left.filter(({ why }) => why === 'unknown').length;
  if (unsure > 0) found.push({ risk: 'medium', why: `${unsure} places may mean it and are not edited` });
  const risk = [action.risk, ...found.map((one) => one.risk)].reduce((x, y) =>
    ORDER.indexOf(y) > ORDER.indexOf(x) ? y : x,
  );
  return { risk, risks: [...new Set([...action.risks, ...found.map(({ why }) => why)])] };
}
