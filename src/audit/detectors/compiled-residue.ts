/** Files that a compiler made, left behind beside their source or after it went (trap C10). */
import { isForeignCode } from '../foreign-code.ts';
import { groupBy } from '../group-by.ts';
import type { Detector } from '../model.ts';
import { count, list } from '../wording.ts';

export const compiledResidue: Detector = {
  doc: {
    code: 'compiled-residue',
    title: 'Compiled files are left among the sources',
    severity: 'medium',
    when: 'A declaration, source map, `.pyc` or compiled script lies beside its source, or its source is gone. Those of one folder are one finding.',
    why: 'The stale one may be what is loaded: an import finds the `.js` before the `.ts`, and Python still runs a `.pyc` whose source was removed.',
    fix: 'Remove them and let the build write elsewhere.',
    not: 'Folders of builds and vendored code, `__pycache__` with its sources, declarations that a person wrote and something imports.',
  },
  detect(facts) {
    const { residue, graph } = facts.code;
    return [
      ...groupBy(
        residue.filter(({ path }) => !isForeignCode(path)),
        ({ path, kind, beside, unsure }) => {
          const folder = path.split('/').slice(0, -1).join('/');
          return `${folder}\n${kind}\n${beside === true}\n${unsure === true}`;
        },
      ).values(),
    ].map((files) => {
      const [first] = files as [(typeof files)[number]];
      const loaded = files.filter(({ path }) => graph.importers(path).length > 0);
      return {
        severity: loaded.length > 0 && first.kind === 'compiled' ? 'medium' : 'low',
        confidence: first.unsure === true ? 'possible' : 'likely',
        message: `${list(files.map(({ path }) => path))} ${files.length === 1 ? 'was' : 'were'} left behind by a build${
          first.beside === true ? ', beside the source' : ''
        }.`,
        at: files.map(({ path }) => ({ path })),
        evidence: [
          ...files.slice(0, 6).map(({ path, why }) => `${path}: ${why}`),
          ...(loaded.length > 0
            ? [`${count(loaded.length, 'of them is', 'of them are')} what an import leads to`]
            : []),
        ],
        consequence:
          loaded.length > 0
            ? 'An old state of the code may be what runs.'
            : `${files.length === 1 ? 'It looks like code and is none' : 'They look like code and are none'}: searches and edits end up there.`,
        action: `Remove ${files.length === 1 ? 'it' : 'them'}, and let the build write into a folder that git ignores.`,
      };
    });
  },
};
