/** Open places as decisions of a plan, and the answers that a plan gives to them. */
import { digest } from '../digest.ts';
import type { Decision, Left, Need, Plan } from '../model.ts';
import type { OpenSite } from './model.ts';

const LONGEST_ID = 48;
export const LEAVE = 'leave';

/** One question for each reason and file; lines move, so that they are no part of its id. */
export function siteDecisions(action: string, open: readonly OpenSite[]): readonly Decision[] {
  return [...grouped(action, open)].map(([id, sites]) => {
    const [first] = sites as [OpenSite];
    const places = sites.map(({ path, line }) => `${path}:${line}`);
    const served = Object.entries(first.serves ?? {}).map(([store, by]) => `${store} (${by.join('; ')})`);
    const also = served.length === 0 ? '' : ` It also means ${served.join(', ')}.`;
    return {
      id,
      question: `${places.join(', ')}: ${first.why}.${also} Shall it stay as it is?`,
      evidence: places,
      choices: {
        [LEAVE]: 'it stays as it is; what it names is what it named before',
        stop: `${action} is not applied`,
      },
      proposal: null,
      chosen: null,
    };
  });
}

/** What an action with these open places needs before it is applied. */
export function siteNeeds(action: string, open: readonly OpenSite[]): readonly Need[] {
  return [...grouped(action, open).keys()].map((decision) => ({ decision, choices: [LEAVE] }));
}

/** Open places that the plan lets be, those that nobody answered, and lines (`path:line`) that are not edited then. */
export function answered(
  action: string,
  open: readonly OpenSite[],
  plan: Pick<Plan, 'decisions'>,
): { readonly left: readonly Left[]; readonly open: readonly OpenSite[]; readonly held: ReadonlySet<string> } {
  const chosen = new Map(plan.decisions.map(({ id, chosen: choice }) => [id, choice]));
  const left: Left[] = [];
  const rest: OpenSite[] = [];
  const held = new Set<string>();
  for (const [id, sites] of grouped(action, open)) {
    if (chosen.get(id) !== LEAVE) {
      rest.push(...sites);
      continue;
    }
    left.push(...sites.map(({ path, line, why }) => ({ path, line, why: `left as decided: ${why}` })));
    for (const { path, line, holds } of sites) if (holds === true) held.add(`${path}:${line}`);
  }
  return { left, open: rest, held };
}

function grouped(action: string, open: readonly OpenSite[]): ReadonlyMap<string, readonly OpenSite[]> {
  const found = new Map<string, OpenSite[]>();
  for (const site of open) {
    const id = idOf(action, site);
    found.set(id, [...(found.get(id) ?? []), site]);
  }
  return found;
}

/** Said out loud and typed by people: where it would be a sentence, the file's name and a mark stand for it. The same on every machine. */
function idOf(action: string, { path, why }: OpenSite): string {
  const whole = `${action}-${words(path)}-${words(why).slice(0, 40)}`.replace(/-+$/, '');
  if (whole.length <= LONGEST_ID) return whole;
  const name = words(path.slice(path.lastIndexOf('/') + 1)).slice(0, 24);
  return `${name}-${digest('open place\n', [action, path, why]).slice(0, 6)}`;
}

const words = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
