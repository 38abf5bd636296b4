/** Code that writes rows into a CSV or JSON file instead of the database (trap X6). */
import type { Binding } from '../../bindings/model.ts';
import type { Detector } from '../model.ts';
import { isWrittenDirectly, type TextStoreUse, textStoreUses } from '../text-store-use.ts';
import { count, list } from '../wording.ts';
import { type Draft, diffCommand } from './finding.ts';

export const directWrite: Detector = {
  doc: {
    code: 'direct-write',
    title: 'Code writes rows into a file beside the database',
    severity: 'high',
    when: 'Code of the application writes a CSV or JSON file whose rows a table of a database holds as well, or that code reads back, in a project that has a database.',
    why: 'The file is a second place of truth: no transaction, no constraint and no lock covers it, and what is written there is missing in the table.',
    fix: 'Write the rows into the table; make the file from it where somebody needs one.',
    not: 'Exports that are made from the database and read by nobody, caches, logs, settings, scripts, tests, projects whose only store is the file.',
  },
  detect: (facts) => textStoreUses(facts).flatMap((use) => (isWrittenDirectly(use, facts) ? [describe(use)] : [])),
};

function describe({ path, store, files, twin, readers, writers }: TextStoreUse): Draft {
  const own = writers.filter(({ purpose }) => purpose === 'application');
  const back = readers.filter(({ purpose }) => purpose === 'application');
  const apart = twin === undefined ? 0 : twin.onlyA + twin.onlyB + twin.conflicting;
  const sure = twin !== undefined && twin.method !== 'sample' && own.some(({ confidence }) => confidence === 'proven');
  const named = [...new Set(own.map((writer) => writer.path))];
  return {
    severity: twin !== undefined ? (apart > 0 ? 'high' : 'medium') : 'medium',
    confidence: sure ? 'proven' : store === undefined ? 'possible' : 'likely',
    message: `${list(named, 3)} ${named.length === 1 ? 'writes' : 'write'} rows straight into ${path}${twin === undefined ? ', which code reads back' : `, while ${twin.b.table} of ${twin.b.store} holds such rows too`}.`,
    at: [...new Map(own.map(({ path: at, line }) => [`${at}:${line}`, { path: at, line }])).values()],
    ...(store === undefined ? {} : { stores: [...files, ...(twin === undefined ? [] : [twin.b.store])] }),
    ...(twin === undefined ? {} : { tables: [twin.b] }),
    evidence: [
      ...sites('written', own),
      ...(back.length === 0 ? ['no line that was understood reads it back'] : sites('read', back)),
      ...(twin === undefined
        ? []
        : [
            `${twin.b.table} (${twin.b.store}): ${count(twin.same, 'row')} equal, ${count(twin.conflicting, 'differs', 'differ')}, ${twin.onlyA.toLocaleString('en-US')} only in the file, ${twin.onlyB.toLocaleString('en-US')} only in the table`,
          ]),
    ],
    consequence:
      apart > 0
        ? 'File and table have drifted apart; whoever reads one of them misses rows of the other.'
        : 'Two writers that meet lose rows, and the table never learns what was written to the file.',
    action: 'Write to the table at the lines named; keep the file until its rows are accounted for.',
    ...(twin === undefined ? {} : diffCommand(path, twin.b.store)),
  };
}

function sites(verb: string, bindings: readonly Binding[]): readonly string[] {
  return [...new Set(bindings.map(({ path, line }) => `${verb} at ${path}:${line}`))].slice(0, 6);
}
