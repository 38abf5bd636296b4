import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../facts.ts';
import { ini } from './language.ts';

const read = (text: string, name = 'x.ini'): FileFacts => ini.structure(text, name);

describe('INI', () => {
  it('settings with places; comments and quotes are no part of a value', () => {
    const text =
      '[alembic]\nscript_location = db/migrations\nsqlalchemy.url = sqlite:///./app.db ; main\n# path = no.db\nfile_template = %%(rev)s\n[x]\npath: "q.db"\n';
    const facts = read(text, 'alembic.ini');
    expect(facts.read).toBe('structure');
    expect(facts.settings?.map(({ key, v, at }) => [key, v, text.slice(at[0], at[1])])).toEqual([
      ['alembic.script_location', 'db/migrations', 'db/migrations'],
      ['alembic.sqlalchemy.url', 'sqlite:///./app.db', 'sqlite:///./app.db'],
      ['alembic.file_template', '%%(rev)s', '%%(rev)s'],
      ['x.path', 'q.db', '"q.db"'],
    ]);
    expect(facts.texts.map(({ v }) => v)).toEqual(['sqlite:///./app.db', 'q.db']);
  });

  it('C3: entry points and logging classes', () => {
    const text =
      '[options.entry_points]\nconsole_scripts =\n    run = pkg.main:go\n    # no = pkg.no:x\nx.plugins =\n    p = pkg.plug\n[handler_a]\nclass=pkg.logs.Handler\nlevel=a.b\n';
    const facts = read(text, 'setup.cfg');
    expect(facts.imports.map(({ module, at }) => [module, text.slice(at[0], at[1])])).toEqual([
      ['pkg.main', 'pkg.main'],
      ['pkg.plug', 'pkg.plug'],
      ['pkg.logs.Handler', 'pkg.logs.Handler'],
    ]);
    expect(facts.commands).toMatchObject([{ by: 'script run', words: ['python', '-m', 'pkg.main'] }]);
  });

  it('supervisor: programs, their folder and variables', () => {
    const facts = read(
      '[program:web]\ncommand=python app.py --db x.db\ndirectory=/srv/app\nenvironment=DB="/srv/a,b.db",MODE="prod"\n',
      'x.conf',
    );
    expect(facts.commands).toMatchObject([
      {
        by: 'service web',
        cwd: '/srv/app',
        words: ['python', 'app.py', '--db', 'x.db'],
        env: { DB: '/srv/a,b.db', MODE: 'prod' },
      },
    ]);
    expect(facts.places).toMatchObject([{ label: 'service web', workdir: '/srv/app' }]);
  });

  it('tox, pytest and uwsgi', () => {
    expect(
      read(
        '[testenv]\nchangedir = t\nsetenv =\n  DB = t.db\ncommands =\n  -python a.py\n  pytest {posargs}\n',
      ).commands.map(({ by, cwd, words }) => [by, cwd, words.join(' ')]),
    ).toEqual([
      ['script testenv', 't', 'python a.py'],
      ['script testenv', 't', 'pytest {posargs}'],
    ]);
    expect(read('[pytest]\nDJANGO_SETTINGS_MODULE = p.settings\nenv =\n  A=1\n')).toMatchObject({
      imports: [{ module: 'p.settings' }],
    });
    expect(read('[uwsgi]\nmodule = p.wsgi:app\nchdir = /srv\nenv = A=u.db\n').commands).toMatchObject([
      { cwd: '/srv', env: { A: 'u.db' }, words: ['uwsgi', '--module', 'p.wsgi:app'] },
    ]);
  });

  it('properties go on behind a backslash', () => {
    const text = 'spring.datasource.url=jdbc:sqlite:\\\n  data/x.db\nserver.port=80\n';
    expect(read(text, 'application.properties').settings).toMatchObject([
      { key: 'spring.datasource.url', v: 'jdbc:sqlite:data/x.db' },
    ]);
  });

  it('a language of its own is read for texts only', () => {
    const facts = read(
      'server {\n  listen 80;\n  location / {\n    root /var/x;\n    auth_db /etc/users.db;\n  }\n}\n',
      'nginx.conf',
    );
    expect(facts.read).toBe('outline');
    expect(facts.texts.map(({ v }) => v)).toEqual(['/etc/users.db']);
  });

  it('bounded time', () => {
    for (const text of [
      `[a]\nx =\n${' y\n'.repeat(50_000)}`,
      `${'a '.repeat(5000)}\n`.repeat(20),
      '='.repeat(100_000),
    ]) {
      read(text);
    }
  });
});
