/** Stores that a setting names: whose application reads it, and what takes its place. */
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../test/builders/program.ts';
import { settingsOpenings } from './settings.ts';
import { type Situation, settle } from './settle.ts';

const situation = (variables: Readonly<Record<string, string>>): Situation => ({
  cwd: '/srv/project',
  home: '/home/someone',
  temp: '/tmp',
  variable: (name) => {
    const value = variables[name];
    return value === undefined ? undefined : { value, source: { path: '.env', line: 1, text: '' }, sure: true };
  },
  placeOf: (file) => `/srv/project/${file}`,
});

async function settings(files: Readonly<Record<string, string>>, file: string, variables = {}) {
  const { evaluator } = await buildProgram(files);
  const around = situation(variables);
  return settingsOpenings(evaluator, file).map(({ target, base, when }) => ({
    target: target && settle(target, around)[0]?.value,
    base: base && settle(base, around)[0]?.value,
    when,
  }));
}

describe('Flask-SQLAlchemy', () => {
  const APP = 'from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n';
  const one = { 'a/app.py': `${APP}app = Flask(__name__)`, 'b/app.py': `${APP}from b import config\nFlask(__name__)` };
  const CONFIG = 'class Config:\n    SQLALCHEMY_DATABASE_URI = "sqlite:///app.db"\n';

  it('counts from the folder of the application that loads the setting', async () => {
    const found = await settings({ ...one, 'b/config.py': CONFIG, 'b/__init__.py': '' }, 'b/config.py');
    expect(found).toEqual([{ target: 'sqlite:///app.db', base: '/srv/project/b/instance', when: undefined }]);
  });

  it('goes by the version that this part of the project asks for', async () => {
    const files = { ...one, 'a/config.py': CONFIG, 'requirements.txt': 'Flask-SQLAlchemy==2.5' };
    expect((await settings(files, 'a/config.py'))[0]?.base).toBe('/srv/project/a');
    const own = { ...files, 'a/requirements.txt': 'Flask-SQLAlchemy==3.1.1' };
    expect((await settings(own, 'a/config.py'))[0]?.base).toBe('/srv/project/a/instance');
  });

  it('says of one of several classes of settings that it must be the one in use', async () => {
    const two = `${CONFIG}class Test(Config):\n    SQLALCHEMY_DATABASE_URI = "sqlite:///test.db"\n`;
    expect((await settings({ ...one, 'a/config.py': two }, 'a/config.py')).map(({ when }) => when)).toEqual([
      'Config is the configuration in use',
      'Test is the configuration in use',
    ]);
  });

  it('opens nothing where no application loads the library', async () => {
    const app = 'from flask import Flask\napp = Flask(__name__)';
    expect(await settings({ 'app.py': app, 'config.py': CONFIG }, 'config.py')).toEqual([]);
  });
});

describe('Alembic', () => {
  const INI = '[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///app.db\n';
  const env = (line: string): string => `import os\nfrom alembic import context\nconfig = context.config\n${line}\n`;
  const target = async (line: string, variables = {}) =>
    (await settings({ 'alembic.ini': INI, 'migrations/env.py': env(line) }, 'alembic.ini', variables))[0];

  it('takes what env.py puts in the place of the address', async () => {
    const set = { DATABASE_URL: 'postgresql://db/shop' };
    const replace = 'config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"])';
    expect((await target(replace, set))?.target).toBe('postgresql://db/shop');
    expect((await target(replace))?.target).toBe('sqlite:///app.db');
    const section = 'section["sqlalchemy.url"] = os.getenv("DATABASE_URL")';
    expect((await target(section, set))?.target).toBe('postgresql://db/shop');
    expect((await target(replace.replace('sqlalchemy.url', 'version_table'), set))?.target).toBe('sqlite:///app.db');
  });

  it('says where env.py puts something that nobody can read', async () => {
    expect(await target('config.set_main_option("sqlalchemy.url", get_engine_url())')).toEqual({
      target: 'sqlite:///app.db',
      base: undefined,
      when: 'migrations/env.py:4 does not replace it',
    });
  });
});
