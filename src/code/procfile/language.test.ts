import { expect, it } from 'vitest';
import { procfile } from './language.ts';

it('Procfile: one program per line', () => {
  const text = 'web: gunicorn pkg.app:app --chdir api\n# no: x\nrelease: DB=x.db python m.py\n';
  const { commands, imports, texts } = procfile.structure(text, 'Procfile');
  expect(commands.map(({ by, cwd, words, env }) => [by, cwd, words.join(' '), env])).toEqual([
    ['service web', 'api', 'gunicorn pkg.app:app', {}],
    ['service release', undefined, 'python m.py', { DB: 'x.db' }],
  ]);
  expect(imports.map(({ module, at }) => [module, text.slice(at[0], at[1])])).toEqual([['pkg.app', 'pkg.app']]);
  expect(texts.map(({ v, at }) => [v, text.slice(at[0], at[1])])).toEqual([['x.db', 'x.db']]);
});
