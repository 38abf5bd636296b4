/** One store that many files of the application open for themselves. */

import { purposeOf } from '../../bindings/purpose.ts';
import { connectionModules, type OpeningFile, openingFiles } from '../connection-modules.ts';
import { isForeignCode, isPutAway } from '../foreign-code.ts';
import { groupBy } from '../group-by.ts';
import type { Detector, Facts } from '../model.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

/** A program with two or three scripts beside it is no sprawl. */
const LEAST_FILES = 4;

export const scatteredConnections: Detector = {
  doc: {
    code: 'scattered-connections',
    title: 'Many files open one store by themselves',
    severity: 'medium',
    when: 'Four or more files of the application open the same store or server without going through a module that gives connections.',
    why: 'Path, timeout, pragmas and closing are decided again in each place; moving the store means changing all of them, and the one that was missed makes an empty one.',
    fix: 'Make one module that opens the store and let the files named take their connection from it.',
    not: 'Scripts, tests and migrations, files that read or copy a store as bytes, modules that give connections to others (see repeated-connection-module).',
  },
  detect(facts) {
    const givers = connectionModules(facts);
    const giving = new Set(givers.map(({ path }) => path));
    const alone = openingFiles(facts).filter(
      ({ path }) => !giving.has(path) && purposeOf(path) === 'application' && !isForeignCode(path) && !isPutAway(path),
    );
    const opened = groupBy(
      alone.flatMap((file) => file.destinations.map((destination) => ({ file, destination }))),
      ({ destination }) => destination.key,
    );
    // Files that open the same several stores are one finding about the store that most open.
    const bySet = groupBy(
      [...opened.values()].filter((list) => list.length >= LEAST_FILES),
      (list) => list.map(({ file }) => file.path).join('\n'),
    );
    return [...bySet.values()].map((same) => {
      const [first = []] = same;
      return describe(
        first.map(({ file }) => file),
        same.flatMap(([one]) => (one === undefined ? [] : [one.destination])),
        givers,
        facts,
      );
    });
  },
};

function describe(
  files: readonly OpeningFile[],
  destinations: OpeningFile['destinations'],
  givers: readonly OpeningFile[],
  facts: Facts,
): Draft {
  const keys = new Set(destinations.map(({ key }) => key));
  const labels = list(destinations.map(({ label }) => label));
  const module = givers.filter((giver) => giver.destinations.some(({ key }) => keys.has(key)));
  const byHand = files.filter(({ path }) => facts.code.graph.importers(path).length === 0).length;
  const stores = facts.stores.filter(({ id }) => keys.has(`store ${id}`)).map(({ id }) => id);
  return {
    severity: 'medium',
    confidence: files.every((file) => file.destinations.every(({ key, sure }) => sure || !keys.has(key)))
      ? 'proven'
      : 'likely',
    message: `${count(files.length, 'file')} open ${labels} by themselves.`,
    at: files.map(({ path, lines }) => {
      const line = [...keys].map((key) => lines.get(key)).find((one) => one !== undefined);
      return line === undefined ? { path } : { path, line };
    }),
    ...(stores.length > 0 ? { stores } : {}),
    evidence: [
      ...files
        .slice(0, 8)
        .map(({ path, lines }) => `${path}:${[...keys].map((key) => lines.get(key)).find(Boolean) ?? 1}`),
      ...(files.length > 8 ? [`and ${count(files.length - 8, 'more file')}`] : []),
      ...(byHand > 0
        ? [
            count(
              byHand,
              'of them is a program of its own: nothing imports it',
              'of them are programs of their own: nothing imports them',
            ),
          ]
        : []),
      module.length === 0
        ? 'no module gives connections to it'
        : `${list(module.map(({ path }) => path))} ${module.length === 1 ? 'gives' : 'give'} connections to it`,
    ],
    consequence: 'Whoever moves the store or changes how it is opened has to find every one of these lines.',
    action:
      module.length === 0
        ? 'Make one module that opens it, and let these files take their connection from there.'
        : `Let these files take their connection from ${module[0]?.path}.`,
  };
}
