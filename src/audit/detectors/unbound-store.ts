/** A store that no line of code is known to open. */

import type { Detector } from '../model.ts';
import { unboundStores } from '../store-use.ts';
import { count, size } from '../wording.ts';

export const unboundStore: Detector = {
  doc: {
    code: 'unbound-store',
    title: 'No known line opens this store',
    severity: 'low',
    when: 'A store in use by its place holds rows, code of the project opens other stores, and no line that was understood opens this one or names it.',
    why: 'It may be left over, or be read by a program that is not in this project. Nobody can tell what happens if it changes.',
    fix: 'Find out who needs it; then name its role in desprawl.yaml, or archive it.',
    not: 'Backups, exports, fixtures, foreign and empty stores, stores that a text in the code names, projects in which no line opens anything, projects with lines whose store is not known (the finding is then *possible* only).',
  },
  detect(facts) {
    return unboundStores(facts).map(({ store, unresolved }) => ({
      severity: 'low',
      confidence: unresolved.length === 0 ? 'likely' : 'possible',
      message: `No line of code that was understood opens ${store.id} (${size(store.bytes)}).`,
      at: [{ path: store.path }],
      stores: [store.id],
      evidence: [
        `${count(facts.code.bindings.length, 'binding')} of ${count(facts.code.files.size, 'file')} ${facts.code.bindings.length === 1 ? 'leads' : 'lead'} elsewhere`,
        ...(unresolved.length === 0
          ? []
          : [`${count(unresolved.length, 'line opens', 'lines open')} a store that is not known`]),
        ...(store.freshness === undefined ? [] : [`newest row: ${store.freshness.at.slice(0, 10)}`]),
      ],
      consequence: 'Whoever still needs it would notice only when it is gone.',
      action: 'Ask who reads it before it is archived; a program outside this project is not seen here.',
      command: ['where', store.id],
    }));
  },
};
