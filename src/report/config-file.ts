/** A first `desprawl.yaml`: what the audit concluded, as settings that its reader confirms by removing a `#`. */

import { exportMatches } from '../audit/export-matches.ts';
import type { Audit } from '../audit/model.ts';
import { list } from '../audit/wording.ts';
import { declarationFor } from '../plan/planners/declaration.ts';
import { printable } from './printable.ts';

export function configFromAudit(audit: Audit): string {
  const foreign = audit.stores.filter((store) => store.foreign !== undefined);
  const primaries = audit.groups.flatMap(({ primary, candidates, stores }) =>
    primary === null || stores.length < 2
      ? []
      : [{ path: primary, why: candidates.find(({ store }) => store === primary)?.reasons ?? [] }],
  );
  const undecided = audit.groups.filter(({ primary }) => primary === null);
  return [
    '# Configuration of desprawl; every key: docs/configuration.md of the package.',
    '# What an audit concluded stands here as a comment: remove the # where it is right.',
    'version: 1',
    '',
    '# What is not looked at, in patterns as in .gitignore. Not searched without being named here:',
    ...comment(
      audit.project.skipped.length === 0
        ? 'nothing'
        : list(
            audit.project.skipped.map(({ path }) => path),
            6,
          ),
    ),
    'ignore: []',
    '',
    '# Stores of other programs: listed, never judged.',
    ...(foreign.length === 0
      ? ['foreign: []']
      : [
          'foreign:',
          ...foreign.map(({ path, foreign: of }) => `  - ${quoted(path)} # ${comment1(of?.evidence ?? '')}`),
        ]),
    '',
    '# What you know about single stores: role is one of primary, live, backup, export, archive, fixture, foreign.',
    'stores:',
    ...(primaries.length + undecided.length === 0 ? ['  {}'] : ['  {} # replace by the lines below that are right']),
    ...primaries.flatMap(({ path, why }) => [
      ...why.map((reason) => `  # ${comment1(reason)}`),
      `  # ${quoted(path)}: { role: primary }`,
    ]),
    ...undecided.flatMap(({ stores }) => [
      `  # no clear primary among ${comment1(list(stores, 6))}`,
      ...stores.slice(0, 1).map((path) => `  # ${quoted(path)}: { role: primary, note: "why" }`),
    ]),
    '',
    '# Files that are made of tables: desprawl export, and desprawl plan where one does not say any more what its table says.',
    ...exportLines(audit),
    '',
    'audit:',
    '  exact: false # true: compare every row of tables above 100,000 rows too',
    '  timeout: 120 # seconds per store; large ones get more',
    '  disable: [] # codes of findings that are not to be reported: desprawl explain',
    '',
  ].join('\n');
}

/** So many files of a project are shown; the rest is written alike. */
const MOST_EXPORTS = 5;

/** Those that are there and repeat a table, else how one would be written. */
function exportLines(audit: Audit): readonly string[] {
  const matches = exportMatches(audit);
  const found = matches.flatMap(({ files, store }) => {
    const declaration = store.role === 'export' ? declarationFor(files[0] ?? '', matches) : null;
    return declaration === null ? [] : [`  # ${comment1(declaration)}`];
  });
  const example =
    '  # people: { store: data/main.db, table: users, columns: [id, email], order: [email], format: csv, to: exports }';
  return [
    'exports:',
    found.length === 0
      ? '  {} # replace by lines such as this one'
      : '  {} # replace by the lines below that are right',
    ...(found.length === 0 ? [example] : found.slice(0, MOST_EXPORTS)),
  ];
}

/** YAML 1.2 takes any JSON string. */
function quoted(text: string): string {
  return /^[\w][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|[\d.]+)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

function comment1(text: string): string {
  return printable(text);
}

function comment(text: string): readonly string[] {
  return [`#   ${comment1(text)}`];
}
