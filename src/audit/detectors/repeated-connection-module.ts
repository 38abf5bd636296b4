/** Several modules that make connections to one store (traps C5, C6, C8): known by what they do, compared by what they offer. */
import { connectionModules, manifestFolder, type OpeningFile, reachedFiles } from '../connection-modules.ts';
import { groupBy } from '../group-by.ts';
import { membersUsedBy } from '../members-used.ts';
import type { Detector, Facts } from '../model.ts';
import { compareOffers, offersOf } from '../offers.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

export const repeatedConnectionModule: Detector = {
  doc: {
    code: 'repeated-connection-module',
    title: 'Several modules make connections to one store',
    severity: 'high',
    when: 'Two or more modules of one language open the same store or server and give the connection to others. It is high where the application imports at least two of them.',
    why: 'Each has its own pool, settings and idea of a transaction. A repair in one does not reach those who import the other.',
    fix: 'Keep one: the finding says which is reached and complete, what the others have that it lacks, and who uses that. Port or wrap what is missing, then re-point the importers.',
    not: 'Modules of one name that open different stores, tests and migrations, programs that open a store for themselves, modules of different languages.',
  },
  detect(facts) {
    const modules = connectionModules(facts);
    const groups = rivals(modules);
    if (groups.length === 0) return [];
    const reached = reachedFiles(facts);
    return groups.map((group) => describe(group, modules, facts, reached));
  },
};

/** What more of them have would fill pages; the count says that they are there. */
const COMPARED = 12;
/** Lines on who uses what the keeper lacks, and importers that are read for them. */
const SHOWN = 6;
const LOOKED = 40;

/** Modules that share a destination, directly or through others; languages apart. */
function rivals(modules: readonly OpeningFile[]): readonly (readonly OpeningFile[])[] {
  const groups: { keys: Set<string>; members: OpeningFile[] }[] = [];
  for (const module of modules) {
    const keys = module.destinations.map(({ key }) => `${module.language} ${key}`);
    const own = { keys: new Set(keys), members: [module] };
    for (const group of [...groups]) {
      if (!keys.some((key) => group.keys.has(key))) continue;
      groups.splice(groups.indexOf(group), 1);
      for (const key of group.keys) own.keys.add(key);
      own.members.unshift(...group.members);
    }
    groups.push(own);
  }
  return groups.map(({ members }) => members).filter(({ length }) => length > 1);
}

interface Ranked {
  readonly module: OpeningFile;
  readonly isReached: boolean;
  readonly stubs: number;
  /** Of all members that any of them offers. */
  readonly members: number;
  readonly importers: number;
}

const importersOf = ({ users }: OpeningFile): readonly string[] => [...new Set(users.map(({ path }) => path))];

function rank(group: readonly OpeningFile[], facts: Facts, reached: ReadonlySet<string>): readonly Ranked[] {
  return group
    .map((module) => {
      const { names } = offersOf(module.path, facts.code);
      return {
        module,
        isReached: reached.has(module.path),
        stubs: names.filter(([, kind]) => kind.startsWith('stub ')).length,
        members: offers(module, facts).length,
        importers: importersOf(module).length,
      };
    })
    .sort(
      (x, y) =>
        Number(y.isReached) - Number(x.isReached) ||
        x.stubs - y.stubs ||
        y.members - x.members ||
        y.importers - x.importers ||
        (x.module.path < y.module.path ? -1 : 1),
    );
}

function offers({ path }: OpeningFile, facts: Facts): readonly string[] {
  return offersOf(path, facts.code).names.map(([name]) => name);
}

function describe(
  group: readonly OpeningFile[],
  modules: readonly OpeningFile[],
  facts: Facts,
  reached: ReadonlySet<string>,
): Draft {
  const ranked = rank(group, facts, reached);
  const [keeper, ...others] = ranked as [Ranked, ...Ranked[]];
  const shared = group
    .flatMap(({ destinations }) => destinations)
    .filter(({ key }) => group.filter(({ destinations }) => destinations.some((one) => one.key === key)).length > 1);
  const labels = [...new Map(shared.map(({ key, label }) => [key, label])).values()];
  const used = group.filter(({ users }) => users.some(({ purpose }) => purpose === 'application')).length;
  const apart = new Set(group.map(({ path }) => manifestFolder(path, facts))).size === group.length;
  const stores = [
    ...new Set(shared.flatMap(({ key }) => facts.stores.filter(({ id }) => key === `store ${id}`).map(({ id }) => id))),
  ];
  const union = new Set(group.flatMap((module) => offers(module, facts))).size;
  return {
    severity: apart ? 'low' : used > 1 ? 'high' : 'medium',
    confidence: !apart && shared.every(({ sure }) => sure) ? 'proven' : 'likely',
    message: `${list(group.map(({ path }) => path))} each make connections to ${list(labels)}.`,
    at: group.map(({ path, lines }) => ({ path, ...lineOf(lines, shared) })),
    ...(stores.length > 0 ? { stores } : {}),
    evidence: [
      ...ranked.map(
        ({ module, isReached, importers }) =>
          `${module.path} gives ${list(module.gives)}: ${count(importers, 'importer')}${isReached ? '' : ', reached from no entry point'}`,
      ),
      ...(apart ? ['each belongs to a package of its own'] : []),
      `${keeper.module.path} would be the one to keep: ${[
        ...(keeper.isReached ? ['reached from an entry point'] : []),
        `${keeper.members} of ${union} members`,
        ...(keeper.stubs === 0 ? ['no stub'] : [count(keeper.stubs, 'stub')]),
        count(keeper.importers, 'importer'),
      ].join(', ')}`,
      ...others.slice(0, COMPARED).flatMap(({ module }) => differences(keeper.module, module, facts)),
      ...(others.length > COMPARED ? [`${count(others.length - COMPARED, 'more module')} not compared with it`] : []),
      ...lookalikes(group, modules, facts),
    ],
    consequence:
      'Connections are made, configured and closed in several ways; what one module repairs stays broken for who imports the other.',
    action: `Port what only the others have to ${keeper.module.path}, re-point their importers, then remove them.`,
  };
}

function lineOf(lines: ReadonlyMap<string, number>, shared: readonly { readonly key: string }[]): { line?: number } {
  const line = shared.map(({ key }) => lines.get(key)).find((one) => one !== undefined);
  return line === undefined ? {} : { line };
}

/** What the keeper lacks or has otherwise, and who needs it. */
function differences(keeper: OpeningFile, other: OpeningFile, facts: Facts): readonly string[] {
  const compared = compareOffers(keeper.path, other.path, facts.code);
  const lines: string[] = [];
  if (compared.onlyB.length > 0) lines.push(`only ${other.path} has ${list(compared.onlyB, 8)}`);
  for (const { name, a: inKeeper, b: inOther } of compared.kindDiffers.slice(0, 4))
    lines.push(`${name}: ${inOther} in ${other.path}, ${inKeeper} in ${keeper.path}`);
  const has = new Set(compared.both.concat(compared.onlyA).map((name) => name.slice(name.lastIndexOf('.') + 1)));
  const lacking = new Set(compared.onlyB.map((name) => name.slice(name.lastIndexOf('.') + 1)));
  const differs = new Set(compared.kindDiffers.map(({ name }) => name.slice(name.lastIndexOf('.') + 1)));
  if (lacking.size === 0 && differs.size === 0) return lines;
  const among = new Set([...lacking, ...differs]);
  const said: string[] = [];
  const importers = groupBy(other.users, ({ path }) => path);
  let looked = 0;
  for (const [path, uses] of importers) {
    // Each has to be read whole: those that are shown and a few more tell what there is to be told.
    if (said.length >= SHOWN || looked++ >= LOOKED) break;
    const members = uses.flatMap((use) => [
      ...use.names.map(({ name }) => name),
      ...membersUsedBy(use, among, facts.code),
    ]);
    const lacks = new Set(members.filter((name) => lacking.has(name) && !has.has(name)));
    const differ = new Set(members.filter((name) => differs.has(name) && !lacks.has(name)));
    if (lacks.size > 0) said.push(`${path} uses ${list([...lacks])}, which ${keeper.path} lacks`);
    if (differ.size > 0) said.push(`${path} uses ${list([...differ])}, which is of another kind in ${keeper.path}`);
  }
  lines.push(...said.slice(0, SHOWN));
  if (looked < importers.size) {
    lines.push(`${count(importers.size - looked, 'more importer')} of ${other.path} not looked at`);
  }
  return lines;
}

/** Modules of the same file name that open something else: they only look like more of it (trap C5). */
function lookalikes(group: readonly OpeningFile[], modules: readonly OpeningFile[], facts: Facts): readonly string[] {
  const name = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const names = new Set(group.map(({ path }) => name(path)));
  return modules
    .filter((module) => !group.includes(module) && names.has(name(module.path)))
    .slice(0, 3)
    .map(({ path, destinations }) => {
      const similar = facts.code.similar.some(
        ({ a, b }) => (a === path || b === path) && group.some((one) => one.path === a || one.path === b),
      );
      return `${path} ${similar ? 'repeats one of them' : 'is only a namesake'}: it opens ${list(destinations.map(({ label }) => label))}`;
    });
}
