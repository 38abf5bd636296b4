import { describe, expect, it } from 'vitest';
import { systemd } from './language.ts';

const text = `[Unit]
Description=x.db
[Service]
WorkingDirectory=-/srv/app
Environment="DB=/srv/a b.db" MODE=prod
Environment=X=1
EnvironmentFile=-/etc/app.env
PassEnvironment=HOME
ExecStartPre=-/bin/mkdir -p /srv/d
ExecStart=/srv/venv/bin/python \\
# not this
  -m pkg.main --db x.db
User=app
`;

describe('systemd', () => {
  const facts = systemd.structure(text, 'a.service');

  it('what it starts, where, with what', () => {
    expect(facts.commands.map(({ by, cwd, words }) => [by, cwd, words.join(' ')])).toEqual([
      ['unit', '/srv/app', '/bin/mkdir -p /srv/d'],
      ['unit', '/srv/app', '/srv/venv/bin/python -m pkg.main --db x.db'],
    ]);
    expect(facts.commands[1]?.env).toEqual({ DB: '/srv/a b.db', MODE: 'prod', X: '1' });
    expect(facts.places).toMatchObject([{ label: 'unit', workdir: '/srv/app', envFiles: [{ path: '/etc/app.env' }] }]);
    expect(facts.variables.map(({ name, value }) => [name, value])).toEqual([
      ['DB', '/srv/a b.db'],
      ['MODE', 'prod'],
      ['X', '1'],
      ['HOME', null],
    ]);
  });

  it('stands where it says; a description is no store', () => {
    expect(facts.texts.map(({ v, at }) => [v, text.slice(at[0], at[1])])).toEqual([['x.db', 'x.db']]);
    expect(facts.imports.map(({ module, at }) => [module, text.slice(at[0], at[1]), at[2]])).toEqual([
      ['pkg.main', 'pkg.main', 12],
    ]);
    const [file] = facts.places[0]?.envFiles ?? [];
    expect(file && text.slice(file.at[0], file.at[1])).toBe('/etc/app.env');
  });

  it('an empty assignment takes back what stood before', () => {
    const [command] = systemd.structure(
      '[Service]\nEnvironment=A=1\nEnvironment=\nEnvironment=B=2\nExecStart=x\n',
      'a.service',
    ).commands;
    expect(command?.env).toEqual({ B: '2' });
  });
});
