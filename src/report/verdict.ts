/** How an audit begins, on the terminal and on a page. */
import type { Audit } from '../audit/model.ts';
import { list, thousands } from '../audit/wording.ts';

/** What kinds of stores there are, and how many of them are in trouble. */
export function verdict({ stores, findings }: Pick<Audit, 'stores' | 'findings'>): string {
  if (stores.length === 0) return 'No store was found: no database, no CSV or JSON of rows.';
  const own = stores.filter(({ foreign }) => foreign === undefined);
  const roles = (
    [
      ['live', 'in use', 'in use'],
      ['backup', 'backup', 'backups'],
      ['export', 'export', 'exports'],
      ['fixture', 'fixture', 'fixtures'],
    ] as const
  ).flatMap(([role, one, many]) => {
    const n = own.filter((store) => store.role === role).length;
    return n === 0 ? [] : [`${thousands(n)} ${n === 1 ? one : many}`];
  });
  const foreign = stores.length - own.length;
  if (foreign > 0) roles.push(`${foreign} of other programs`);
  const named = (...codes: readonly string[]): number =>
    new Set(
      findings.filter(({ code }) => codes.includes(code)).flatMap(({ stores: of, at }) => of ?? at.map((a) => a.path)),
    ).size;
  const rivals = named('conflicting-twin', 'diverged-store');
  const contradiction = rivals === 0 ? 'None contradicts another.' : `${rivals} of them contradict each other.`;
  return `${list(roles, 6)}. ${stores.length === 1 ? '' : contradiction}`.trim();
}
