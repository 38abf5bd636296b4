import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../facts.ts';
import { python } from './language.ts';

const outline = (text: string, name = 'a.py'): FileFacts => python.outline(text, name);

/** `kind level.module names as guarded`, in short. */
function imports(text: string): string[] {
  return outline(text).imports.map(({ module, level = 0, names, as, kind, guarded }) => {
    const taken = names.map((name) => (name.name === name.as ? name.name : `${name.name}>${name.as}`)).join(',');
    const parts = [
      kind,
      `${'.'.repeat(level)}${module}`,
      taken && `{${taken}}`,
      as && `as ${as}`,
      guarded && 'guarded',
    ];
    return parts.filter((part) => part !== undefined && part !== '').join(' ');
  });
}
const exported = (text: string, name?: string): string[] =>
  outline(text, name).exports.map(
    (fact) => `${fact.kind} ${fact.name}${fact.stub ? ' stub' : ''}${fact.async ? ' async' : ''}`,
  );

describe('C2: imports', () => {
  it.each([
    ['import a', ['static a as a']],
    ['import a.b.c', ['static a.b.c as a']],
    ['import a.b as x, c', ['static a.b as x', 'static c as c']],
    ['import a . b', ['static a.b as a']],
    ['from a import b', ['static a {b}']],
    ['from a.b import (c as d, # why\n  e,\n)', ['static a.b {c>d,e}']],
    ['from . import b', ['static . {b}']],
    ['from .. import b', ['static .. {b}']],
    ['from ...a.b import c', ['static ...a.b {c}']],
    ['from ....a import c', ['static ....a {c}']],
    ['from a import *', ['static a {*}']],
    ['from a import \\\n  b', ['static a {b}']],
    ['x = 1; import a; from b import c', ['static a as a', 'static b {c}']],
    ['try:\n  import a\nexcept ImportError:\n  import b as a', ['static a as a guarded', 'static b as a guarded']],
    ['try: import a\nexcept ImportError: a = None\nimport b', ['static a as a guarded', 'static b as b']],
    ['if x: import a\nimport b', ['static a as a guarded', 'static b as b']],
    ['def f(x: int = 1):\n  import a\nimport b', ['static a as a guarded', 'static b as b']],
    ['async def f():\n  from a import b', ['static a {b} guarded']],
    ['class A:\n  import a', ['static a as a']],
    ['with x:\n  import a', ['static a as a']],
    ['if TYPE_CHECKING:\n  from a import B', ['type a {B} guarded']],
    ['if typing.TYPE_CHECKING:\n  from a import B\nelse:\n  import c', ['type a {B} guarded', 'static c as c guarded']],
    ['f = lambda: 1\nimport a', ['static a as a']],
    ['from __future__ import annotations', []],
    ['import_ = 1\nfrom_import = 2\nx.import_("a")', []],
    ['"""\nimport a\n"""\n# import b', []],
    ['importlib.import_module("a.b")', ['dynamic a.b']],
    ['import_module(".b", package=__package__)', ['dynamic .b']],
    ['import_module(".b", package="a.c")', ['dynamic a.c.b']],
    ['import_module("..b", "a.c")', ['dynamic a.b']],
    ['m = __import__("a")', ['dynamic a']],
    ['importlib.import_module(name)', ['dynamic null']],
    ['importlib.import_module(f"plugins.{x}")', ['dynamic null']],
    ['importlib.import_module("plugins." + x)', ['dynamic null']],
    ['def import_module(name): pass', []],
  ])('%j', (text, expected) => {
    expect(imports(text)).toEqual(expected);
  });

  it('the span is that of the module alone', () => {
    const text = 'from ..a.b import c\nimport d.e as f\nimport_module("g.h")\n';
    expect(outline(text).imports.map(({ at }) => [text.slice(at[0], at[1]), at[2]])).toEqual([
      ['..a.b', 1],
      ['d.e', 2],
      ['g.h', 3],
    ]);
  });

  it('C21: an import behind a line that is no Python is found', () => {
    expect(imports('print "x"\nimport a\nx = = 1\nfrom b import c')).toEqual(['static a as a', 'static b {c}']);
    expect(imports('from a import (b,\nimport c')).toEqual(['static a {b}', 'static c as c']);
  });
});

describe('C3: strings that name modules', () => {
  it.each([
    ['@patch("a.b.C")\ndef f(): pass', ['text a.b.C']],
    ['with mock.patch("a.b.C") as m: pass', ['text a.b.C']],
    ['mocker.patch("a.b.C")', ['text a.b.C']],
    ['monkeypatch.setattr("a.b.c", 1)', ['text a.b.c']],
    ['patch.dict("a.b", {})', ['text a.b']],
    [
      'INSTALLED_APPS = ["blog", "django.contrib.admin", "a.apps.AConfig"]',
      ['text blog', 'text django.contrib.admin', 'text a.apps.AConfig'],
    ],
    ['INSTALLED_APPS += ("x.y",)', ['text x.y']],
    ['MIDDLEWARE = [\n  "a.middleware.M",\n]', ['text a.middleware.M']],
    ['ROOT_URLCONF = "a.urls"\nWSGI_APPLICATION = "a.wsgi.application"', ['text a.urls', 'text a.wsgi.application']],
    ['path("x/", include("a.urls"))', ['text a.urls']],
    ['path("x/", include(("a.urls", "a")))', ['text a.urls']],
    ['os.environ.setdefault("DJANGO_SETTINGS_MODULE", "a.settings")', ['text a.settings']],
    ['os.environ["DJANGO_SETTINGS_MODULE"] = "a.settings"', ['text a.settings']],
    ['Celery("n", include=["a.tasks", "b.tasks"])', ['text a.tasks', 'text b.tasks']],
    ['app.autodiscover_tasks(["a", "b.c"])', ['text a', 'text b.c']],
    ['app.conf.beat_schedule = {"x": {"task": "a.tasks.run"}}', ['text a.tasks.run']],
    ['app.send_task("a.tasks.run")', ['text a.tasks.run']],
    [
      'LOGGING = {"handlers": {"x": {"class": "a.log.Handler", "()": "a.log.Filter"}}}',
      ['text a.log.Handler', 'text a.log.Filter'],
    ],
    ['uvicorn.run("a.main:app", port=1)', ['text a.main {app}']],
    ['setup(entry_points={"console_scripts": ["run=a.cli:main"]})', ['text a.cli {main}']],
    ['subprocess.run([sys.executable, "-m", "a.b"])', ['dynamic a.b']],
    ['pytest_plugins = ["a.fixtures"]', ['text a.fixtures']],
    ['import_string("a.b.C")', ['text a.b.C']],
  ])('%j', (text, expected) => {
    expect(imports(text)).toEqual(expected);
  });

  it.each([
    'x = "a.b.C"',
    'print("a.b")',
    'patch.object(a, "b.c")',
    'setattr("a.b", 1)',
    'logger = getLogger("a.b")',
    'forms.TextInput(attrs={"class": "btn.primary"})',
    'include("menu.html")',
    'patch("no module")',
    'patch("a.b" + x)',
    'patch("a." "b")',
    'runner.run("a.b:c")',
    'INSTALLED = ["a.b"]',
    'INSTALLED_APPS = load("a.b")',
    'f(include="a.b")',
    'os.environ["OTHER"] = "a.b"',
  ])('near miss: %s', (text) => {
    expect(imports(text)).toEqual([]);
  });

  it('Alembic: where its scripts are', () => {
    const { references } = outline('config.set_main_option("script_location", "db/migrations")');
    expect(references).toEqual([{ target: 'db/migrations', kind: 'config', at: [43, 56, 1] }]);
  });
});

describe('exports', () => {
  it('every name that the module binds at its top', () => {
    const text = `
def f(): return 1
async def g(): return await f()
class C(B): x = 1
a = b = 1
c, (d, *e) = 1, (2, 3)
t: int = 1
for i in x: pass
with x as w: pass
if x:
  y = 1
else:
  def z(): return 2
try:
  q = 1
except E: pass
type T = int
x.attr = 1
x[0] = 1
call(k=1)
n == 1
def h():
  inner = 1
  global late
  late = 1
`;
    expect(outline(text).exports.map(({ name }) => name)).toEqual('f g C a b c d e t i w y z q T h late'.split(' '));
    expect(exported(text).slice(0, 4)).toEqual(['function f', 'function g async', 'class C', 'value a']);
  });

  it('names that only __all__ lists', () => {
    expect(exported('__all__ = ["a", "b"]\na = 1\n__all__ += ["c"]')).toEqual([
      'reexport a',
      'reexport b',
      'reexport c',
    ]);
  });

  it('what may make any name', () => {
    expect(exported('globals()[name] = 1')).toEqual(['value *']);
    expect(exported('print(globals())')).toEqual([]);
  });

  it.each([
    'def f(): pass',
    'def f(): ...',
    'def f():\n  """Later."""\n  pass',
    'def f():\n  raise NotImplementedError',
    'def f():\n  raise NotImplementedError("later")',
    'def f(a: int = 1) -> None:\n  return None',
    'def f(): return {}',
    'def f(): return',
    'class f:\n  pass',
    'class f(object): ...',
  ])('C7: a stub: %j', (text) => {
    expect(outline(text).exports[0]?.stub).toBe(true);
  });

  it.each([
    'def f(): return 1',
    'def f():\n  x()\n  pass',
    'def f(): return [1]',
    'def f(): raise ValueError',
    'def f():\n  """Only said."""',
    'class f(Exception): pass',
    '@dataclass\nclass f: pass',
    '@overload\ndef f(): ...',
    'class f:\n  def g(self): pass',
    'f = None',
  ])('C7: no stub: %j', (text) => {
    expect(outline(text).exports[0]?.stub).toBeUndefined();
  });

  it('C7: neither what has a body in another branch, nor a .pyi', () => {
    expect(exported('if x:\n  def f(): pass\nelse:\n  def f(): return 1')).toEqual(['function f']);
    expect(exported('def f(): ...', 'a.pyi')).toEqual(['function f']);
  });
});

describe('texts that may name stores', () => {
  const texts = (text: string): string[] =>
    outline(text).texts.map(({ v, holes, prose }) => `${v}${holes ? ' holes' : ''}${prose ? ' prose' : ''}`);

  it.each([
    ['x = "data/app.db"', ['data/app.db']],
    ['x = "sqlite:///a.db"', ['sqlite:///a.db']],
    ['x = f"cache_{i + 1}.db"', ['cache_{}.db holes']],
    ['x = "cache_%s.sqlite3" % i', ['cache_{}.sqlite3 holes']],
    ['x = r"C:\\data\\a.db"', ['C:\\data\\a.db']],
    ['# opens old/x.db', ['old/x.db prose']],
    ['"""Reads app.db and b.csv."""', ['app.db prose', 'b.csv prose']],
    ['P = """Use the file data/app.db\nfor it"""', ['data/app.db prose']],
    ['x = "out.csv"', ['out.csv']],
  ])('%j', (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  it.each([
    'import packages.db.models',
    'self.db = 1',
    'x = ".db"',
    'x = "a.dbx"',
    '# self.database',
    'x = "no store"',
  ])('C23: none: %s', (text) => {
    expect(texts(text)).toEqual([]);
  });

  it('the span of a literal includes its quotes, that of a word in prose is the word', () => {
    const text = "x = 'a.db' # b.db\n";
    expect(outline(text).texts.map(({ at }) => text.slice(at[0], at[1]))).toEqual(["'a.db'", 'b.db']);
  });
});

describe('what a file says of itself', () => {
  it.each([
    ['if __name__ == "__main__":\n  main()', true],
    ["if '__main__' == __name__: main()", true],
    ['#!/usr/bin/env python3\nx = 1', true],
    ['x = "__main__"', undefined],
    ['if __name__ == "a": pass', undefined],
  ])('runnable: %j', (text, expected) => {
    expect(outline(text).runnable).toBe(expected);
  });

  it.each([
    ['# Generated by Django 4.2 on 2023-01-01\nimport a', true],
    ['# -*- coding: utf-8 -*-\n# Generated by the protocol buffer compiler.  DO NOT EDIT!\nimport a', true],
    ['"""@generated"""', true],
    ['# How tokens are made\nx = 1', undefined],
    ['x = 1\n# do not edit', undefined],
  ])('generated: %j', (text, expected) => {
    expect(outline(text).generated).toBe(expected);
  });

  it.each([
    ['sys.path.insert(0, os.path.dirname(__file__))', '.'],
    ['sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))', '..'],
    ['sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "src"))', '../src'],
    ['sys.path.insert(0, str(Path(__file__).resolve().parent.parent))', '..'],
    ['sys.path.insert(0, str(Path(__file__).parents[2] / "lib"))', '../../lib'],
    ['ROOT = Path(__file__).resolve().parent\nLIB = ROOT.parent / "lib"\nsys.path.append(str(LIB))', '../lib'],
  ])('where it looks for modules: %j', (text, target) => {
    expect(outline(text).references.map((reference) => reference.target)).toEqual([target]);
  });

  it.each(['sys.path.insert(0, os.getcwd())', 'sys.path.append(find(__file__))', 'path.append(__file__)'])(
    'not: %s',
    (text) => {
      expect(outline(text).references).toEqual([]);
    },
  );
});
