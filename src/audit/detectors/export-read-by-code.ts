/** Code that reads a file which is called an export (trap X3). */
import type { Binding } from '../../bindings/model.ts';
import type { Detector } from '../model.ts';
import { isWrittenDirectly, type TextStoreUse, textStoreUses } from '../text-store-use.ts';
import { count, list } from '../wording.ts';
import { type Draft, diffCommand } from './finding.ts';

export const exportReadByCode: Detector = {
  doc: {
    code: 'export-read-by-code',
    title: 'Code reads a file that is called an export',
    severity: 'high',
    when: 'Code of the application reads a CSV or JSON file that lies where exports lie, or that repeats a table of a database. Its readers and writers are listed. It is high where the file and the table do not agree.',
    why: 'The code works on a copy that nobody keeps up to date, and breaks when somebody tidies up the exports.',
    fix: 'Let the code read the table. Until then the file may not be removed.',
    not: 'Scripts and migrations that load the file into a database, tests, fixtures, files that code also writes as its own rows (see direct-write).',
  },
  detect: (facts) =>
    textStoreUses(facts)
      .filter((use) => {
        const isExport = use.store?.role === 'export' || (use.store !== undefined && use.twin !== undefined);
        return isExport && use.readers.some(isApplication) && !isWrittenDirectly(use, facts);
      })
      .map(describe),
};

const isApplication = ({ purpose }: Binding): boolean => purpose === 'application';

function describe({ store, path, files, twin, readers, writers }: TextStoreUse): Draft {
  const apart = twin === undefined ? 0 : twin.onlyA + twin.onlyB + twin.conflicting;
  const own = readers.filter(isApplication);
  const sure = store?.role === 'export' && own.some(({ confidence }) => confidence === 'proven');
  const named = [...new Set(own.map((reader) => reader.path))];
  return {
    severity: apart > 0 ? 'high' : 'medium',
    confidence: sure ? 'proven' : 'likely',
    message: `${list(named, 3)} ${named.length === 1 ? 'reads' : 'read'} ${path}, ${store?.role === 'export' ? 'which is kept as an export' : `which repeats ${twin?.b.table} of ${twin?.b.store}`}; it may not be removed.`,
    at: places(own),
    stores: [...files, ...(twin === undefined ? [] : [twin.b.store])],
    ...(twin === undefined ? {} : { tables: [twin.b] }),
    evidence: [
      ...lines('read', readers),
      ...(writers.length === 0 ? ['no line that was understood writes it'] : lines('written', writers)),
      ...(store?.role === 'export' && store.roleReason !== undefined
        ? [`taken for an export: ${store.roleReason}`]
        : []),
      ...(twin === undefined
        ? ['no table of a database has its rows']
        : [
            `${twin.b.table} (${twin.b.store}): ${count(twin.same, 'row')} equal, ${count(twin.conflicting, 'differs', 'differ')}, ${twin.onlyA.toLocaleString('en-US')} only in the file, ${twin.onlyB.toLocaleString('en-US')} only in the table`,
          ]),
    ],
    consequence:
      apart > 0
        ? 'The code shows other rows than the database holds, and stops when the file is tidied away.'
        : 'The code works on a copy, and stops when the file is tidied away.',
    action: 'Removal is refused while these lines read it. Let them read the table instead, then remove the file.',
    ...(twin === undefined ? {} : diffCommand(path, twin.b.store)),
  };
}

function places(bindings: readonly Binding[]): readonly { readonly path: string; readonly line: number }[] {
  return [...new Map(bindings.map(({ path, line }) => [`${path}:${line}`, { path, line }])).values()];
}

function lines(verb: string, bindings: readonly Binding[]): readonly string[] {
  return [
    ...new Set(
      bindings.map(
        ({ path, line, purpose }) => `${verb} at ${path}:${line}${purpose === 'application' ? '' : ` (${purpose})`}`,
      ),
    ),
  ].slice(0, 6);
}
