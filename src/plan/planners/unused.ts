/** Modules that nothing in the project uses (trap C10). Whether something outside of it does, only people know: they are asked once for all. */
import { count } from '../../audit/wording.ts';
import type { Action, Left } from '../model.ts';
import { neededBy, type Planning, type Proposal, propose, slug } from './planner.ts';

const DECISION = 'unused-modules';

export function unusedModules(on: Planning): Proposal {
  const actions: Action[] = [];
  const left: Left[] = [];
  const findings = on.audit.findings.filter(({ code }) => code === 'unused-module');
  const all = new Set(findings.flatMap(({ at }) => at.map(({ path }) => path)));
  let modules = 0;
  for (const { at, confidence } of findings) {
    const files = at
      .map(({ path }) => path)
      .filter((path) => !on.going.has(path) && !on.kept.has(path))
      .sort();
    const [first] = files;
    if (first === undefined) continue;
    const folder = first.slice(0, Math.max(0, first.lastIndexOf('/')));
    if (confidence === 'possible') {
      const what = files.length === 1 ? 'nothing uses it' : `nothing uses ${count(files.length, 'module')} of it`;
      left.push({
        path: files.length === 1 ? first : folder || '.',
        why: `${what}, but imports with computed names could`,
      });
      continue;
    }
    const idle = files.filter((path) => neededBy(path, on, all).length === 0);
    if (idle.length === 0) continue;
    modules += idle.length;
    const own = {
      to: null,
      reason:
        idle.length === 1 || folder === ''
          ? 'nothing in this project uses it'
          : `nothing in this project uses these ${count(idle.length, 'module')}`,
      finding: 'unused-module',
      needs: [{ decision: DECISION, choices: ['archive'] }],
      risk: 'medium' as const,
      risks: ['something outside this project may import or start it'],
    };
    if (idle.length === 1 || folder === '') for (const path of idle) actions.push(propose('archive', path, own));
    else actions.push(propose('archive', folder, { ...own, id: `archive-unused-${slug(folder)}`, files: idle }));
  }
  if (actions.length === 0) return { actions, decisions: [], left };
  const ordered = importersFirst(actions, on);
  const decision = {
    id: DECISION,
    question: `Nothing in this project uses ${count(modules, 'module')}. Does something outside of it?`,
    evidence: ordered.slice(0, 8).map(({ subject }) => subject),
    choices: { archive: 'no: they go to the vault', leave: 'yes, or nobody knows: they stay' },
    proposal: null,
    chosen: null,
  };
  return { actions: ordered, decisions: [decision], left };
}

/** What only other unused modules use goes after them. Where actions use each other in a circle, none can go before the other. */
function importersFirst(actions: readonly Action[], on: Planning): readonly Action[] {
  const owner = new Map(actions.flatMap((one) => filesOf(one).map((path) => [path, one.id] as const)));
  const users = new Map(
    actions.map((one) => {
      const ids = filesOf(one).flatMap((path) =>
        on.audit.code.graph.importers(path).flatMap((from) => owner.get(from) ?? []),
      );
      return [one.id, [...new Set(ids)].filter((id) => id !== one.id).sort()] as const;
    }),
  );
  const leadsTo = (from: string, to: string, seen = new Set<string>()): boolean =>
    from === to ||
    (!seen.has(from) && (users.get(from) ?? []).some((next) => leadsTo(next, to, new Set([...seen, from]))));
  return actions.map((one) => ({ ...one, after: (users.get(one.id) ?? []).filter((id) => !leadsTo(id, one.id)) }));
}

const filesOf = ({ subject, files }: Action): readonly string[] => (Array.isArray(files) ? files : [subject]);
