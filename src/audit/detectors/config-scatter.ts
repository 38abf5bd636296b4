/** One setting with several values: a variable with different defaults, a store setting that config files contradict (trap C16). */
import type { VariableSite } from '../code-model.ts';
import { groupBy } from '../group-by.ts';
import type { Detector, Facts } from '../model.ts';
import { isAside } from '../set-aside.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

export const configScatter: Detector = {
  doc: {
    code: 'config-scatter',
    title: 'One setting has several values',
    severity: 'medium',
    when: 'Code reads one variable in several places with different defaults, or configuration files of one project give a variable that names a store different values. Medium where the variable decides which store is opened.',
    why: 'Where the variable is not set, each place takes its own default: parts of one program work on different files or servers.',
    fix: 'Read the variable in one module, with one default or none, and import it from there.',
    not: 'The same default everywhere, a single module, tests, examples, files for one environment (`.env.production`), variables such as PORT that every program has for itself; secrets are shown as ***.',
  },
  detect(facts) {
    const sites = facts.code.variables.filter(({ path }) => !isAside(path, facts.code.files.get(path)));
    return [...groupBy(sites, ({ name }) => name)].flatMap(([name, all]) => {
      if (OWN_TO_EACH.test(name)) return [];
      const scattered = defaults(name, all, facts);
      return scattered === undefined ? settings(name, all, facts) : [scattered];
    });
  },
};

const OWN_TO_EACH =
  /^(?:PORT|HOST|HOSTNAME|NODE_ENV|ENV|ENVIRONMENT|APP_ENV|LOG_LEVEL|LOGLEVEL|DEBUG|TZ|LANG|PATH|HOME|USER|TEMP|TMP|TMPDIR|CI|PYTHONPATH|WORKERS|TIMEOUT|SERVICE_NAME|APP_NAME)$|^(?:NEXT_PUBLIC|VITE)_/;
const NAMES_STORE = /DB|DATABASE|SQLITE|POSTGRES|MYSQL|MARIADB|MONGO|REDIS|STORE|DATA_?(?:DIR|PATH|FILE|ROOT)|DSN/i;

/** A value that can be compared: secrets and computed ones cannot. */
const comparable = ({ value }: VariableSite): boolean =>
  value !== null && value !== '' && !value.includes('***') && value !== '(computed)' && !SAID.test(value);

/** What a program says or shows where there is no value: nobody works with it. */
const SAID =
  /\b(?:not[ _-]?(?:set|defined|found|configured|available|provided)|undefined|unset|missing|unknown)\b|^(?:<.*>|none|null|n\/?a|your[_-].*|change[_-]?me.*|x{3,})$/i;

function defaults(name: string, sites: readonly VariableSite[], facts: Facts): Draft | undefined {
  const read = sites.filter(({ kind }) => kind === 'read');
  const given = read.filter(comparable);
  const values = groupBy(given, (site) => normal(site.value));
  if (values.size < 2 || new Set(given.map(({ path }) => path)).size < 2) return undefined;
  const opens = decides(name, facts);
  // Programs that stand apart may each have a default of their own.
  const parts = [...values.values()].map((group) => new Set(group.map(({ path }) => partOf(path))));
  const apart = parts.every((one, i) =>
    parts.every((other, j) => i === j || [...one].every((part) => !other.has(part))),
  );
  const set = sites.some(({ kind }) => kind === 'set');
  return {
    severity: opens && !apart ? 'medium' : 'low',
    confidence: apart ? 'possible' : 'proven',
    message: `${name} is read in ${count(read.length, 'place')} with ${count(values.size, 'different default')}.`,
    at: read.map(({ path, line }) => ({ path, line })),
    evidence: [
      ...[...values.values()].map((group) => `${group[0]?.value}: ${list(group.map(placeOf), 4)}`).slice(0, 8),
      ...without(read),
      set
        ? `set in ${list([...new Set(sites.filter(({ kind }) => kind === 'set').map(placeOf))], 4)}`
        : 'set nowhere in the project',
      ...(opens ? ['which store is opened depends on it'] : []),
    ],
    consequence: opens
      ? 'Where it is not set, parts of the program open different stores.'
      : 'Where it is not set, parts of the program behave differently.',
    action: 'Read it in one module and import it from there.',
  };
}

/** Places that have no default, or one that is not shown. */
function without(read: readonly VariableSite[]): readonly string[] {
  const none = read.filter(({ value }) => value === null || value === '');
  const secret = read.filter(({ value }) => value?.includes('***') === true);
  return [
    ...(none.length === 0 ? [] : [`no default: ${list(none.map(placeOf), 4)}`]),
    ...(secret.length === 0 ? [] : [`***: ${list(secret.map(placeOf), 4)}`]),
  ];
}

/** Configuration files that contradict each other. Services of one file may differ on purpose. */
function settings(name: string, sites: readonly VariableSite[], facts: Facts): readonly Draft[] {
  if (!NAMES_STORE.test(name) || !sites.some(({ kind }) => kind === 'read')) return [];
  const set = sites.filter(
    (site) =>
      site.kind === 'set' &&
      comparable(site) &&
      !/\$[{(\w]/.test(site.value ?? '') &&
      !PER_ENVIRONMENT.test(site.path) &&
      /(?:^|\/)\.env[^/]*$|\.ya?ml$/.test(site.path) &&
      !/(?:^|\/)\.(?:github|gitlab|circleci)/.test(site.path),
  );
  const values = groupBy(set, (site) => normal(site.value));
  if (values.size < 2) return [];
  const files = groupBy(set, ({ path }) => path);
  // A file that holds several of the values tells its services apart itself.
  if (files.size < 2 || [...files.values()].some((own) => new Set(own.map(({ value }) => normal(value))).size > 1))
    return [];
  const opens = decides(name, facts);
  return [
    {
      severity: 'low',
      confidence: 'possible',
      message: `${name} has ${count(values.size, 'different value')} in ${count(files.size, 'configuration file')}.`,
      at: set.map(({ path, line }) => ({ path, line })),
      evidence: [
        ...[...values.values()].map((group) => `${group[0]?.value}: ${list(group.map(placeOf), 4)}`).slice(0, 8),
        ...(opens ? ['which store is opened depends on it'] : []),
      ],
      consequence: 'Which of them counts depends on how the program is started.',
      action: 'Keep the value in one file and refer to it from the others.',
    },
  ];
}

const PER_ENVIRONMENT =
  /(?:^|[/._-])(?:prod(?:uction)?|stag(?:e|ing)|dev(?:elopment|container)?|local|test(?:ing)?|ci|override)(?=[/._-]|$)/i;

const normal = (value: string | null): string => (value ?? '').trim().replace(/^\.\//, '').replace(/\/+$/, '');
const placeOf = ({ path, line }: VariableSite): string => `${path}:${line}`;

/** The part of the project that is a program of its own: `services/auth`, `frontend`; '' for code at the top. */
function partOf(path: string): string {
  const parts = path.split('/');
  const deep = /^(?:services|apps|packages|modules|src|backend|server)$/.test(parts[0] ?? '') && parts.length > 2;
  if (/^(?:src|backend|server)$/.test(parts[0] ?? '')) return parts[0] ?? '';
  return parts.length < 2 ? '' : deep ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

function decides(name: string, { code }: Facts): boolean {
  const word = new RegExp(`(?<!\\w)${name.replace(/\W/g, '\\$&')}(?!\\w)`);
  return code.bindings.some(
    ({ assumes, changesIf, evidence }) =>
      [...assumes, ...changesIf].some((text) => word.test(text)) || evidence.some(({ text }) => word.test(text)),
  );
}
