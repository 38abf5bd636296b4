import { expect, it } from 'vitest';
import type { LockedStep } from '../../plan/lock-model.ts';
import type { Store } from '../../stores/model.ts';
import { structureOf } from './structure.ts';
import { treeText } from './tree-text.ts';

const store = (path: string, bytes: number, role = 'live'): Store => ({ path, bytes, role }) as Store;

it('shows stores and what is touched, many files of one shape as one line', () => {
  const backups = Array.from({ length: 6 }, (_, i) => store(`b/hub-2025-10-0${i}.db`, 1000, 'backup'));
  const steps: readonly LockedStep[] = [
    ...backups.slice(0, 5).map(({ path }): LockedStep => ({ op: 'remove', path, before: 'x' })),
    { op: 'rename', path: 'old/a.py', to: 'new/a.py', before: 'y' },
    { op: 'put', path: '.gitignore', before: 'g', after: 'h' },
    { op: 'put', path: 'NOTE.md', before: null, after: 'n' },
  ];
  const { now, after } = structureOf([...backups, store('data/hub.db', 2000)], steps);
  expect(treeText(now).split('\n')).toEqual([
    '~ .gitignore',
    '  b/',
    '-   hub-*.db  (5 files, 5.0 kB, backup)',
    '    hub-2025-10-05.db  (1.0 kB, backup)',
    '  data/',
    '    hub.db  (2.0 kB)',
    '  old/',
    '-   a.py',
  ]);
  expect(treeText(after).split('\n')).toEqual([
    '~ .gitignore  (edited)',
    '+ NOTE.md  (new)',
    '  b/',
    '    hub-2025-10-05.db  (1.0 kB, backup)',
    '  data/',
    '    hub.db  (2.0 kB)',
    '  new/',
    '+   a.py',
  ]);
});
