/** One store that code reaches under several spellings (trap S6). */
import type { Binding } from '../../bindings/model.ts';
import { groupBy } from '../group-by.ts';
import type { Detector } from '../model.ts';
import { count } from '../wording.ts';

export const severalSpellings: Detector = {
  doc: {
    code: 'several-spellings',
    title: 'One store, several spellings of its path',
    severity: 'low',
    when: 'At least three lines of application code in different files each build the path of the same store themselves.',
    why: 'Moving the store means finding every one of them; the one that is missed makes a new, empty file.',
    fix: 'Keep the path in one place and import it there.',
    not: 'Lines that take the path from one shared constant or setting, tests, migrations.',
  },
  detect(facts) {
    const sites = facts.code.bindings.filter(
      ({ store, purpose, confidence }) =>
        store !== null && purpose !== 'test' && purpose !== 'migration' && confidence !== 'unknown',
    );
    return [...groupBy(sites, ({ store }) => store as string)].flatMap(([store, bindings]) => {
      const origins = groupBy(bindings, originOf);
      if (origins.size < 3) return [];
      const places = [...origins.values()].map(([first]) => first as Binding);
      return [
        {
          severity: 'low' as const,
          confidence: places.every(({ confidence }) => confidence === 'proven')
            ? ('proven' as const)
            : ('likely' as const),
          message: `${count(origins.size, 'place')} in code spell the path of ${store} on their own.`,
          at: places.map(({ path, line }) => ({ path, line })),
          stores: [store],
          evidence: [...origins.keys()].slice(0, 8).map((origin) => `written at ${origin}`),
          consequence: 'A spelling that is missed when the store moves opens a new, empty file.',
          action: 'Let all of them take the path from one module.',
          command: ['where', store],
        },
      ];
    });
  },
};

/** The innermost place in code where the path is written. */
function originOf(binding: Binding): string {
  const written = binding.evidence.filter(({ path, line }) => path !== undefined && line !== undefined);
  const last = written.findLast(({ path }) => /\.(?:py|[cm]?[jt]sx?|php|prisma)$/.test(path ?? ''));
  return last === undefined ? `${binding.path}:${binding.line}` : `${last.path}:${last.line}`;
}
