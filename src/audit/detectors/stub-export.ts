/** Exports that stand in for what they are named after, and are imported all the same (trap C7). */
import { purposeOf } from '../../bindings/purpose.ts';
import type { ExportFact, FileFacts } from '../../code/facts.ts';
import { hasStubs } from '../../code/kept-facts.ts';
import { isForeignCode } from '../foreign-code.ts';
import type { Detector } from '../model.ts';
import { type ModuleUse, usersOf } from '../users-of.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

/** Words of names like `getDb`, `db_pool`, `prismaClient`. */
const CONNECTION =
  /^(?:db|dbs|database|databases|pool|pools|conn|connection|connections|prisma|knex|sequelize|drizzle|orm|datasource|sqlite|postgres|pg|mysql|mongo|redis|engine|session|sessionlocal)$/;
const NEVER_MEANT =
  /\.pyi$|\.d\.[cm]?ts$|(?:^|\/)(?:__mocks__|mocks?|fakes?|stubs?|typings|types|examples?|samples?|templates?|interfaces?|abstract)\/|(?:^|\/)[\w.-]*(?:mock|fake|stub|interface|abstract|protocol|noop)[\w-]*\.[a-z]+$/i;
/** What only writes to a log does all that it is there for. */
const LOGS = /^(?:_?log|debug|trace|warn|print|report|track|audit|notify)/i;
/** A class of one of these says what others have to do. */
const ABSTRACT =
  /^(?:ABC|ABCMeta|Protocol|Interface|.*Interface|Abstract.*|Base[A-Z]\w*|TypedDict|NamedTuple|Enum|Exception|.*Error)$/;

export const stubExport: Detector = {
  doc: {
    code: 'stub-export',
    title: 'Code imports a stand-in',
    severity: 'critical',
    when: 'A module exports `null as any`, an empty object in the guise of something, or a function or class that only raises “not implemented” or does nothing, and the application imports it. It is critical where a connection or pool is `null`, high where a function that should give one gives nothing.',
    why: 'The program starts and fails, or silently does nothing, where the stand-in is used first.',
    fix: 'Export the real thing, or re-point the importers to the module that has it.',
    not: 'Stand-ins that nobody imports, abstract classes and protocols, type declarations, fakes of tests, variables that are set later.',
  },
  detect(facts) {
    const found: Draft[] = [];
    for (const [path, outline] of facts.code.files) {
      if (!hasStubs(outline)) continue;
      if (NEVER_MEANT.test(path) || isForeignCode(path) || outline.generated === true || purposeOf(path) === 'test')
        continue;
      if (purposeOf(path) === 'migration') continue;
      const stubs = outline.exports.filter((one) => one.stub === true && isMeant(one, facts.code.structureOf(path)));
      const users = stubs.length === 0 ? [] : usersOf(facts.code.graph, path);
      const used = stubs.flatMap((stub) => {
        const taking = users.filter((use) => use.purpose !== 'test' && takes(use, stub.name));
        return taking.length === 0 ? [] : [{ stub, taking }];
      });
      if (used.length > 0) found.push(describe(path, used, users));
    }
    return found;
  },
};

interface Used {
  readonly stub: ExportFact;
  readonly taking: readonly ModuleUse[];
}

const takes = ({ names }: ModuleUse, name: string): boolean => names.some((one) => one.name === name);

function isConnection({ name, kind }: ExportFact): boolean {
  if (kind === 'type') return false;
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[\s_$-]+/);
  const last = words.at(-1)?.toLowerCase() ?? '';
  return CONNECTION.test(last) || (last === 'client' && words.some((word) => CONNECTION.test(word.toLowerCase())));
}

/** A class that others derive from, and a function that a framework asks for, may well do nothing. */
function isMeant(one: ExportFact, facts: FileFacts): boolean {
  const scope = facts.scopes.find(
    ({ name, parent, kind }) =>
      parent === 0 && name === (one.local ?? one.name) && (kind === 'class' || kind === 'function'),
  );
  if (one.kind === 'function' && LOGS.test(one.name)) return false;
  if (one.kind === 'class') {
    // In Python `class NotFound(Exception): pass` is whole; so is any class that only has a base.
    if (facts.language === 'python' && (scope?.bases?.length ?? 0) > 0) return false;
    return !(scope?.bases ?? []).some((base) => ABSTRACT.test(lastOf(base))) && !ABSTRACT.test(one.name);
  }
  if (scope === undefined) return true;
  return (scope.decorators?.length ?? 0) === 0;
}

const lastOf = (expr: NonNullable<FileFacts['scopes'][number]['bases']>[number]): string =>
  expr.k === 'name' || expr.k === 'member' ? expr.v : expr.k === 'call' ? lastOf(expr.fn) : '';

function describe(path: string, used: readonly Used[], users: readonly ModuleUse[]): Draft {
  const connections = used.filter(({ stub }) => isConnection(stub));
  const shown = connections.length > 0 ? connections : used;
  const files = new Set(used.flatMap(({ taking }) => taking.map((use) => use.path)));
  const tests = new Set(users.filter(({ purpose }) => purpose === 'test').map((use) => use.path)).size;
  const isValue = shown.some(({ stub }) => stub.kind === 'value');
  const names = shown.map(({ stub }) => stub.name);
  return {
    severity: connections.length > 0 ? (isValue ? 'critical' : 'high') : isValue ? 'high' : 'medium',
    confidence: connections.length > 0 && isValue ? 'proven' : 'likely',
    message: `${list(names)} of ${path} ${names.length === 1 ? 'is a stand-in' : 'are stand-ins'} that ${count(files.size, 'file')} ${files.size === 1 ? 'imports' : 'import'}.`,
    at: shown.map(({ stub }) => ({ path, line: stub.at[2] })),
    evidence: [
      ...used
        .slice(0, 6)
        .map(
          ({ stub, taking }) =>
            `${stub.name} (${stub.kind}, line ${stub.at[2]}): ${count(new Set(taking.map((use) => use.path)).size, 'importer')}, ${list(
              [...new Set(taking.map((use) => `${use.path}:${use.line}`))],
              3,
            )}`,
        ),
      ...(tests > 0 ? [`${count(tests, 'test')} import the module too`] : []),
    ],
    consequence: isValue
      ? 'Whoever uses it gets nothing and fails when the line is reached, not when the program starts.'
      : 'Whoever calls it gets an error or nothing, while the code reads as if it worked.',
    action: 'Export the real thing here, or point the importers to the module that has it.',
  };
}
