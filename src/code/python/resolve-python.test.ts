import { describe, expect, it } from 'vitest';
import type { FileFacts, ImportFact } from '../facts.ts';
import type { Resolution, SourceTree } from '../resolve.ts';
import { python } from './language.ts';
import { pythonResolver } from './resolve-python.ts';

/** A project from its files; Python is read, the rest is only there. */
function project(files: Readonly<Record<string, string>>): SourceTree {
  const paths = new Set(Object.keys(files));
  const folders = new Set<string>(['']);
  for (const path of paths) {
    const parts = path.split('/').slice(0, -1);
    parts.forEach((_, index) => void folders.add(parts.slice(0, index + 1).join('/')));
  }
  const facts = new Map<string, FileFacts>();
  for (const [path, text] of Object.entries(files))
    if (/\.pyi?$/.test(path)) facts.set(path, python.outline(text, path));
  return { paths, folders, facts, readText: (path) => files[path] };
}

/** The answers for all imports of a file, in their order. */
function resolve(files: Readonly<Record<string, string>>, from: string): Resolution[] {
  const tree = project(files);
  const resolver = pythonResolver(tree);
  return (tree.facts.get(from) as FileFacts).imports.map((fact) => resolver.resolve(from, fact));
}

/** `file` or the status, in short. */
const targets = (files: Readonly<Record<string, string>>, from: string): string[] =>
  resolve(files, from).map(({ status, file }) => file ?? status);

describe('C1: the whole name counts', () => {
  const files = {
    'database/__init__.py': '',
    'database/core/__init__.py': '',
    'database/core/connection.py': 'def connect(): return 1',
    'database/core/connection_manager.py': 'def connect(): return 2',
  };

  it('a module whose name another one starts with', () => {
    const main =
      'from database.core.connection import connect\nfrom database.core.connection_manager import connect as c';
    expect(targets({ ...files, 'main.py': main }, 'main.py')).toEqual([
      'database/core/connection.py',
      'database/core/connection_manager.py',
    ]);
  });

  it('is missing once it is gone, whatever still starts like it', () => {
    const { 'database/core/connection.py': _, ...rest } = files;
    const [found] = resolve({ ...rest, 'main.py': 'from database.core.connection import connect' }, 'main.py');
    expect(found).toMatchObject({ status: 'missing' });
    expect(found?.file).toBeUndefined();
  });

  it('near miss: a package whose name starts like a folder of ours', () => {
    expect(
      targets({ ...files, 'main.py': 'import databases\nimport data\nimport database_core.x' }, 'main.py'),
    ).toEqual(['external', 'external', 'external']);
  });
});

describe('C2: every way to import', () => {
  const files = {
    'pkg/__init__.py': 'from .a import f\n',
    'pkg/a.py': 'def f(): return 1\n',
    'pkg/sub/__init__.py': '',
    'pkg/sub/b.py': '',
  };
  it.each([
    ['pkg/sub/b.py', 'from . import b', 'pkg/sub/__init__.py'],
    ['pkg/sub/b.py', 'from .. import a', 'pkg/__init__.py'],
    ['pkg/sub/b.py', 'from ..a import f', 'pkg/a.py'],
    ['pkg/sub/b.py', 'from ...pkg.a import f', 'pkg/a.py'],
    ['pkg/sub/b.py', 'from .... import x', 'missing'],
    ['pkg/sub/b.py', 'from .gone import x', 'missing'],
    ['pkg/sub/b.py', 'import pkg.a as x', 'pkg/a.py'],
    ['pkg/sub/b.py', 'def f():\n  import pkg.a', 'pkg/a.py'],
    ['pkg/__init__.py', 'from .a import f', 'pkg/a.py'],
    ['pkg/__init__.py', 'from . import sub', 'pkg/__init__.py'],
    ['main.py', 'from pkg.a import *', 'pkg/a.py'],
    ['main.py', 'try:\n  import pkg.gone\nexcept ImportError: pass', 'missing'],
    ['main.py', 'import importlib\nimportlib.import_module("pkg.a")', 'pkg/a.py'],
    ['main.py', 'x = __import__("pkg.sub.b")', 'pkg/sub/b.py'],
    ['main.py', 'import_module(".a", package="pkg")', 'pkg/a.py'],
    ['main.py', 'import_module(name)', 'computed'],
    ['main.py', 'import numpy', 'external'],
  ])('%s: %s', (from, text, expected) => {
    expect(targets({ ...files, [from]: text }, from).at(-1)).toBe(expected);
  });

  it('says what is loaded on the way, and which names are modules', () => {
    const [deep, names] = resolve({ ...files, 'main.py': 'import pkg.sub.b\nfrom pkg import a, f, sub' }, 'main.py');
    expect(deep).toEqual({
      status: 'project',
      file: 'pkg/sub/b.py',
      also: ['pkg/__init__.py', 'pkg/sub/__init__.py'],
      qualified: 'pkg.sub.b',
    });
    expect(names).toEqual({
      status: 'project',
      file: 'pkg/__init__.py',
      submodules: { a: 'pkg/a.py', sub: 'pkg/sub/__init__.py' },
      qualified: 'pkg',
    });
  });
});

describe('C3: modules that texts name', () => {
  const files = {
    'app/__init__.py': '',
    'app/db.py': 'class Db:\n  def connect(self): return 1\n',
    'app/services/__init__.py': '',
  };
  it.each([
    ['patch("app.db.Db")', { status: 'project', file: 'app/db.py' }],
    ['patch("app.db.Db.connect")', { status: 'project', file: 'app/db.py' }],
    ['patch("app.db.Gone")', { status: 'project', file: 'app/db.py', missingNames: ['Gone'] }],
    ['patch("app.services.gone.x")', { status: 'missing' }],
    ['patch("requests.get")', { status: 'external' }],
    ['patch("os.path.exists")', { status: 'external' }],
    ['uvicorn.run("app.db:Db")', { status: 'project', file: 'app/db.py' }],
    ['INSTALLED_APPS = ["app"]', { status: 'project', file: 'app/__init__.py' }],
    ['INSTALLED_APPS = ["django.contrib.admin"]', { status: 'external' }],
  ])('%s', (text, expected) => {
    const [found] = resolve({ ...files, 'main.py': text }, 'main.py');
    expect(found).toMatchObject(expected);
    expect(found?.missingNames).toEqual('missingNames' in expected ? expected.missingNames : undefined);
  });
});

describe('C9: what moved', () => {
  it('files whose path ends as the name does', () => {
    const files = {
      'lib/core/db.py': '',
      'lib/other/db.py': '',
      'app/__init__.py': '',
      'app/a.py': 'from app.core.db import x\nfrom .core.db import y',
    };
    expect(resolve(files, 'app/a.py').map(({ status, perhaps }) => [status, perhaps])).toEqual([
      ['missing', ['lib/core/db.py']],
      ['missing', ['lib/core/db.py']],
    ]);
  });

  it('a folder that no one looks for modules in', () => {
    const [found] = resolve({ 'libs/one/shared/db.py': '', 'app/a.py': 'from shared.db import x' }, 'app/a.py');
    expect(found).toMatchObject({ status: 'missing', perhaps: ['libs/one/shared/db.py'] });
  });

  it('near miss: an installed package with a module of that name', () => {
    const files = {
      'requirements.txt': 'shared>=1\n',
      'libs/one/shared/db.py': '',
      'app/a.py': 'from shared.db import x',
    };
    expect(targets(files, 'app/a.py')).toEqual(['external']);
  });
});

describe('C15: packages, modules and folders of one name', () => {
  it('a package hides the module beside it', () => {
    const files = {
      'models/__init__.py': 'A = 1',
      'models.py': 'B = 1',
      'main.py': 'from models import A\nfrom models import B',
    };
    expect(resolve(files, 'main.py').map(({ file, missingNames }) => [file, missingNames])).toEqual([
      ['models/__init__.py', undefined],
      ['models/__init__.py', ['B']],
    ]);
  });

  it('a module hides the folder beside it', () => {
    const files = { 'models/user.py': '', 'models.py': 'B = 1', 'main.py': 'from models import B\nimport models.user' };
    expect(targets(files, 'main.py')).toEqual(['models.py', 'missing']);
  });

  it('a folder without __init__.py has modules, but no names', () => {
    const files = {
      'models/user.py': 'U = 1',
      'main.py': 'import models.user\nfrom models import user\nfrom models import U',
    };
    expect(resolve(files, 'main.py').map(({ status, file, submodules }) => [status, file, submodules])).toEqual([
      ['project', 'models/user.py', undefined],
      ['project', undefined, { user: 'models/user.py' }],
      ['missing', undefined, undefined],
    ]);
  });

  it('near miss: a folder with scripts that bears the name of an installed package', () => {
    const files = {
      'alembic/env.py': 'from alembic import context\nimport alembic.env',
      'redis/x.py': '',
      'main.py': 'import redis',
    };
    expect(targets(files, 'alembic/env.py')).toEqual(['external', 'alembic/env.py']);
    expect(targets({ ...files, 'requirements.txt': 'redis==5' }, 'main.py')).toEqual(['external']);
  });

  it('a source goes before its stub, and a stub alone is found', () => {
    expect(targets({ 'a.py': '', 'a.pyi': '', 'b.pyi': '', 'main.py': 'import a, b' }, 'main.py')).toEqual([
      'a.py',
      'b.pyi',
    ]);
  });
});

describe('the standard library', () => {
  it.each([
    [
      'a sibling of a script stands in for it',
      { 'tools/types.py': '', 'tools/run.py': 'import types' },
      'tools/types.py',
    ],
    [
      'one inside of a package does not',
      { 'a/__init__.py': '', 'a/logging.py': '', 'a/run.py': 'import logging' },
      'external',
    ],
    ['nor one elsewhere', { 'x/types.py': '', 'y/run.py': 'import types' }, 'external'],
    ['what is built in has no stand-in', { 'tools/sys.py': '', 'tools/run.py': 'import sys' }, 'external'],
    [
      'a file that bears its name means the other one',
      { 'tools/run.py': '', 'a/redis.py': 'import redis' },
      'external',
    ],
  ])('%s', (_, files, expected) => {
    const from = Object.keys(files).at(-1) as string;
    expect(targets(files as Record<string, string>, from)).toEqual([expected]);
  });
});

describe('where modules are looked for', () => {
  it.each([
    ['the project', { 'db.py': '', 'a/b/c.py': 'import db' }, 'db.py'],
    ['src', { 'src/app/db.py': '', 'tests/t.py': 'import app.db' }, 'src/app/db.py'],
    ['the file’s folder', { 'a/db.py': '', 'a/run.py': 'import db' }, 'a/db.py'],
    [
      'a folder above it',
      { 'backend/app/db.py': '', 'backend/app/api/x.py': 'from app.db import y' },
      'backend/app/db.py',
    ],
    [
      'the nearest of two',
      { 'app/db.py': '', 'backend/app/db.py': '', 'backend/app/x.py': 'import app.db' },
      'backend/app/db.py',
    ],
    [
      'a folder with settings',
      { 'libs/x/pyproject.toml': '', 'libs/x/shared/db.py': '', 'app/x.py': 'import shared.db' },
      'libs/x/shared/db.py',
    ],
    [
      'what settings say',
      { 'pyproject.toml': 'pythonpath = ["lib/py"]', 'lib/py/shared/db.py': '', 'app/x.py': 'import shared.db' },
      'lib/py/shared/db.py',
    ],
    [
      'what the file adds',
      {
        'lib/py/db.py': '',
        'app/x.py': 'sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../lib/py"))\nimport db',
      },
      'lib/py/db.py',
    ],
  ])('%s', (_, files, expected) => {
    const from = Object.keys(files).at(-1) as string;
    expect(targets(files as Record<string, string>, from)).toEqual([expected]);
  });

  it('PYTHONPATH of a container', () => {
    const tree = project({ 'services/shared/db.py': '', 'worker/x.py': 'import shared.db', Dockerfile: '' });
    const dockerfile = python.outline('', 'x.py');
    const facts = new Map(tree.facts).set('Dockerfile', {
      ...dockerfile,
      language: 'dockerfile',
      variables: [{ name: 'PYTHONPATH', value: '/app/services:/opt', at: [0, 0, 1], by: '' }],
    });
    const [fact] = (tree.facts.get('worker/x.py') as FileFacts).imports as [ImportFact];
    expect(pythonResolver({ ...tree, facts }).resolve('worker/x.py', fact).file).toBe('services/shared/db.py');
  });

  it('one file under two names: both are told', () => {
    const files = {
      'backend/__init__.py': '',
      'backend/db.py': '',
      'backend/main.py': 'import db\nif __name__ == "__main__": pass',
      'x.py': 'import backend.db',
    };
    expect(resolve(files, 'backend/main.py')[0]).toMatchObject({ file: 'backend/db.py', qualified: 'db' });
    expect(resolve(files, 'x.py')[0]).toMatchObject({ file: 'backend/db.py', qualified: 'backend.db' });
  });
});

describe('C8: names that are not there', () => {
  it.each([
    ['def a(): return 1', ['b']],
    ['b = 1', undefined],
    ['from x import b', undefined],
    ['import b', undefined],
    ['from x import *', undefined],
    ['def __getattr__(name): return 1', undefined],
    ['globals()["b"] = 1', undefined],
    ['__all__ = ["b"]', undefined],
    ['def f():\n  global b\n  b = 1', undefined],
    ['def f():\n  b = 1', ['b']],
    ['patch("b.c")', ['b']],
    ['b = = 1', undefined],
  ])('%j', (text, expected) => {
    const [found] = resolve({ 'a.py': text, 'main.py': 'from a import b' }, 'main.py');
    expect(found?.file).toBe('a.py');
    expect(found?.missingNames).toEqual(expected);
  });

  it('a guarded import may fail, and each file has some names', () => {
    const files = { 'a.py': '', 'main.py': 'try:\n  from a import b\nexcept ImportError: pass\nfrom a import __doc__' };
    expect(resolve(files, 'main.py').map(({ missingNames }) => missingNames)).toEqual([undefined, undefined]);
  });
});

it('a project of 2,500 files is resolved in a moment', () => {
  const files: Record<string, string> = {};
  for (let index = 0; index < 2500; index++) {
    const imports = Array.from({ length: 5 }, (_, next) => (index * 37 + next * 211) % 2500);
    const text = imports.map((to) => `from pkg${to % 50}.m${to} import a\nimport os${to % 7}\n`).join('');
    files[`pkg${index % 50}/m${index}.py`] = `${text}a = 1\n`;
  }
  for (let index = 0; index < 50; index++) files[`pkg${index}/__init__.py`] = '';
  const tree = project(files);
  const resolver = pythonResolver(tree);
  let found = 0;
  for (const [path, { imports }] of tree.facts)
    for (const fact of imports) if (resolver.resolve(path, fact).file !== undefined) found++;
  expect(found).toBe(12_500);
});
