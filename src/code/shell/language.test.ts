import { expect, it } from 'vitest';
import { shell } from './language.ts';

it('shell files: runnable, variables of the whole file, problems said', () => {
  const text = '#!/bin/sh\nDB=x.db\npython a.py "$DB"\n';
  const facts = shell.structure(text, 'a.sh');
  expect(facts).toMatchObject({ language: 'shell', read: 'structure', runnable: true, lines: 3 });
  expect(facts.variables).toMatchObject([{ name: 'DB', value: 'x.db', by: '' }]);
  expect(facts.commands).toMatchObject([{ by: 'line', words: ['python', 'a.py', '$DB'] }]);
  expect(shell.outline('echo "a\n', 'a.sh')).toMatchObject({
    read: 'tokens',
    problem: 'line 1: what opens here is never closed',
  });
  expect(shell.structure('x'.repeat(5_000_000), 'a.sh')).toMatchObject({ read: 'none' });
});
