/** What can only be judged when the whole plan is read: names that must be there, circles, phases. */
import type { Node } from 'yaml';
import type { Action, Plan } from './model.ts';
import type { YamlReader } from './yaml-reader.ts';

/** `at`: where the key of an action, or of a decision (`? id`), stands. Throws `DSP-PLAN-INVALID`. */
export function validatePlan(
  plan: Plan,
  yaml: Pick<YamlReader, 'fail' | 'guess'>,
  at: (of: string, key: string) => Node | null,
): void {
  const actions = new Map(plan.actions.map((action) => [action.id, action]));
  const decisions = new Map(plan.decisions.map((decision) => [decision.id, decision]));
  for (const { id, after, needs, phase } of plan.actions) {
    for (const before of after) {
      const other = actions.get(before);
      if (other === undefined) {
        yaml.fail(at(id, 'after'), `${id}: there is no action "${before}"${yaml.guess(before, [...actions.keys()])}`);
      } else if (other.phase > phase) {
        const what = `${id} is of phase ${phase} and comes after ${before}, which is of phase ${other.phase}`;
        yaml.fail(
          at(id, 'phase') ?? at(id, 'after'),
          what,
          'An action cannot be in an earlier phase than one of its `after`.',
        );
      }
    }
    for (const { decision, choices } of needs) {
      const other = decisions.get(decision);
      if (other === undefined) {
        const guess = yaml.guess(decision, [...decisions.keys()]);
        yaml.fail(at(id, 'needs'), `${id}: there is no decision "${decision}"${guess}`);
      } else {
        const wrong = choices.find((choice) => other.choices[choice] === undefined);
        if (wrong !== undefined) {
          const known = Object.keys(other.choices);
          yaml.fail(at(id, 'needs'), `${id}: "${wrong}" is no choice of ${decision}${yaml.guess(wrong, known)}`);
        }
      }
    }
  }
  const circle = circleOf(actions);
  if (circle !== null) {
    yaml.fail(at(circle[0] ?? '', 'after'), `these actions wait for each other: ${circle.join(' → ')}`);
  }
}

/** Actions that come after each other in a circle, or `null`. */
function circleOf(actions: ReadonlyMap<string, Action>): readonly string[] | null {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (id: string): readonly string[] | null => {
    if (done.has(id)) return null;
    const seen = way.indexOf(id);
    if (seen >= 0) return [...way.slice(seen), id];
    way.push(id);
    for (const before of actions.get(id)?.after ?? []) {
      const circle = visit(before);
      if (circle !== null) return circle;
    }
    way.pop();
    done.add(id);
    return null;
  };
  for (const id of actions.keys()) {
    const circle = visit(id);
    if (circle !== null) return circle;
  }
  return null;
}
