import { describe, expect, it } from 'vitest';
import type { Expr, FileFacts } from '../facts.ts';
import { python } from './language.ts';

const read = (text: string): FileFacts => python.structure(text, 'a.py');

/** An expression in one line, close to what was written. */
function show(expr: Expr): string {
  switch (expr.k) {
    case 'text':
      return JSON.stringify(expr.v);
    case 'number':
    case 'bool':
      return String(expr.v);
    case 'null':
      return 'null';
    case 'name':
      return expr.v;
    case 'member':
      return `${show(expr.of)}.${expr.v}`;
    case 'index':
      return `${show(expr.of)}[${show(expr.key)}]`;
    case 'call': {
      const named = Object.entries(expr.named ?? {}).map(([name, value]) => `${name}=${show(value)}`);
      return `${show(expr.fn)}(${[...expr.args.map(show), ...named].join(', ')})`;
    }
    case 'concat':
      return `concat(${expr.parts.map(show).join(' ')})`;
    case 'op':
      return expr.b === undefined ? `(${expr.op} ${show(expr.a)})` : `(${show(expr.a)} ${expr.op} ${show(expr.b)})`;
    case 'if':
      return `(${show(expr.test)} ? ${show(expr.then)} : ${show(expr.else)})`;
    case 'list':
      return `[${expr.items.map(show).join(', ')}]`;
    case 'map':
      return `{${expr.entries.map(([key, value]) => `${show(key)}: ${show(value)}`).join(', ')}}`;
    case 'function':
      return `function#${expr.scope}`;
    case 'sql':
      return `sql(${expr.uses.map(({ verb, table }) => `${verb} ${table}`).join(', ')})`;
    case 'unknown':
      return `<${expr.why}>`;
  }
}

/** The value of `x = …`. */
function value(text: string): string {
  const facts = read(`x = ${text}\n`);
  const found = facts.assigns.find(({ to }) => to === 'x');
  return `${facts.problem === undefined ? '' : `${facts.problem}: `}${found === undefined ? 'nothing' : show(found.value)}`;
}

const assigns = (text: string): string[] =>
  read(text).assigns.map(({ scope, to, value: given, maybe, adds, type }) => {
    const marks = [maybe ? 'maybe' : undefined, adds ? 'adds' : undefined, type ? `: ${type}` : undefined].filter(
      (mark) => mark !== undefined,
    );
    return [`${scope} ${to} = ${show(given)}`, ...marks].join(' ');
  });

const statements = (text: string): string[] =>
  read(text).statements.map(({ scope, value: given, maybe, as, test }) =>
    [`${scope} ${show(given)}`, as && `as ${as}`, test && 'test', maybe && 'maybe']
      .filter((part) => part !== undefined)
      .join(' '),
  );

describe('expressions', () => {
  it.each([
    ['os.path.join(BASE, "x.db")', 'os.path.join(BASE, "x.db")'],
    ['Path(__file__).parent / "a" / "b"', '((Path(__file__).parent / "a") / "b")'],
    ['os.environ.get("X") or "y"', '(os.environ.get("X") or "y")'],
    ['os.environ["X"]', 'os.environ["X"]'],
    ['f(1, *a, k=2, **b)', 'f(1, <spread>, <spread>, k=2)'],
    ['a if b else c', '(b ? a : c)'],
    ['a and not b or c', '((a and (not b)) or c)'],
    ['1 + 2 * 3 ** 4', '(1 + (2 * (3 ** 4)))'],
    ['-1', '-1'],
    ['-a ** 2', '(- (a ** 2))'],
    ['a < b <= c', '((a < b) <= c)'],
    ['a not in b', '(a not in b)'],
    ['a is not None', '(a is not null)'],
    ['await f(a)', 'f(a)'],
    ['(a)', 'a'],
    ['(a,)', '[a]'],
    ['a, b', '[a, b]'],
    ['[]', '[]'],
    ['[(1, 2)]', '[[1, 2]]'],
    ['{"a": 1, **b}', '{"a": 1, <spread>: b}'],
    ['{1, 2}', '[1, 2]'],
    ['{}', '{}'],
    ['a[1:2]', 'a[<slice>]'],
    ['a[1, 2]', 'a[[1, 2]]'],
    ['parts[-1]', 'parts[-1]'],
    ['True', 'true'],
    ['0x_ff', '255'],
    ['1j', '<number>'],
    ['...', '<...>'],
    ['(yield a)', '<yield>'],
    ['[a for a in b]', '<comprehension>'],
    ['lambda a, b=1: a', 'function#1'],
    ['(y := 1)', 'y'],
    ['print', 'print'],
    ['match', 'match'],
  ])('%s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it.each([
    ['"a" \'b\' r"\\n" b"c"', '"ab\\\\nc"'],
    ['("a"\n "b")', '"ab"'],
    ['"a" + "b"', '"ab"'],
    ['"\\x41\\u0042\\103\\n\\\nD"', '"ABC\\nD"'],
    ['"\\d"', '"\\\\d"'],
    ['f"a{b}c"', 'concat("a" b "c")'],
    ['f"a{{b}}"', '"a{b}"'],
    ['f"{a}" "b" f"{c}d"', 'concat(a "b" c "d")'],
    ['f"{a.b[0]}/{f(c)}.db"', 'concat(a.b[0] "/" f(c) ".db")'],
    ['f"{d["k"]}"', 'concat(d["k"])'],
    ['f"{n:04d}.db"', 'concat(<format> ".db")'],
    ['f"{n!r}"', 'concat(<format>)'],
    ['f"{n=}"', 'concat(<format>)'],
    ['rf"\\{n}"', 'concat("\\\\" n)'],
    ['"%s.db" % n', '("%s.db" % n)'],
    ['"{}.db".format(n)', '"{}.db".format(n)'],
  ])('texts: %s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it.each([
    ['"SELECT a FROM users WHERE id = ?"', 'sql(select users)'],
    ['"SELECT a " "FROM users"', 'sql(select users)'],
    ['f"SELECT a FROM users WHERE id = {i}"', 'sql(select users)'],
    ['"SELECT " + columns + " FROM users"', 'sql(select users)'],
    ['"SELECT a FROM users WHERE id = %s" % i', '(sql(select users) % i)'],
    ['"SELECT a FROM users WHERE id = {}".format(i)', 'sql(select users).format(i)'],
    ['"Select a file from the list"', '"Select a file from the list"'],
  ])('SQL: %s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it('calls inside of what cannot be told are kept', () => {
    const calls =
      '[f(a) for a in g() if h()]; x[i(1):j()]; k(*l()); f"{m():>3}"; f"SELECT a FROM t WHERE b = {n()}"; del o()[0]; p()[q()] = 1';
    const kept = JSON.stringify(read(calls));
    for (const name of 'fghijklmnopq') expect(kept).toContain(`"fn":{"k":"name","v":"${name}"}`);
  });

  it('spans: a text with its quotes, a part of a template without, a call as a whole', () => {
    const text = 'x = 1\ny = f(  "a", f"b{c}" )\n';
    const call = read(text).assigns[1]?.value as Expr & { k: 'call' };
    const [first, second] = call.args as [Expr & { k: 'text' }, Expr & { k: 'concat' }];
    const part = second.parts[0] as Expr & { k: 'text' };
    expect([call, first, second, part].map(({ at }) => [text.slice(at[0], at[1]), at[2]])).toEqual([
      ['f(  "a", f"b{c}" )', 2],
      ['"a"', 2],
      ['f"b{c}"', 2],
      ['b', 2],
    ]);
  });
});

describe('assignments', () => {
  it.each([
    ['a = b = 1', ['0 a = 1', '0 b = 1']],
    ['a: str = "x"', ['0 a = "x" : str']],
    ['a: int', []],
    ['class C:\n  a: str\n  b: int = 1', ['1 a = <declared> : str', '1 b = 1 : int']],
    ['a, b = 1, 2', ['0 a = 1', '0 b = 2']],
    ['a, (b, c) = 1, (2, 3)', ['0 a = 1', '0 b = 2', '0 c = 3']],
    ['a, b = f()', ['0 a = f()[0]', '0 b = f()[1]']],
    ['a, *b, c = x', ['0 a = x[0]', '0 b = <unpacked>', '0 c = <unpacked>']],
    ['a += "x"', ['0 a = "x" adds']],
    ['a /= "x"', ['0 a = (a / "x")']],
    ['self.a.b = 1', ['0 self.a.b = 1']],
    ["app.config [ 'A' ] = 1", ['0 app.config["A"] = 1']],
    ['if x:\n  a = 1\nelse:\n  a = 2', ['0 a = 1 maybe', '0 a = 2 maybe']],
    ['try:\n  a = 1\nfinally:\n  b = 2', ['0 a = 1 maybe', '0 b = 2']],
    ['with x:\n  a = 1', ['0 a = 1']],
    ['def f():\n  global a\n  a = 1\n  b = 2', ['0 a = 1 maybe', '1 b = 2']],
    ['def f():\n  def g():\n    nonlocal a\n    a = 1', ['1 a = 1 maybe']],
    ['def f():\n  global a\ndef g():\n  a = 1', ['2 a = 1']],
    ['if (n := f()): pass', ['0 n = f()']],
    ['for a in b: pass', ['0 a = b[<each>] maybe']],
    ['for a, c in b: pass', ['0 a = b[<each>][0] maybe', '0 c = b[<each>][1] maybe']],
    ['for a in a.parents: pass', ['0 a = <each> maybe']],
    ['x = [a for a in b]', ['1 a = b[<each>] maybe', '0 x = <comprehension>']],
    ['with f() as (a, b): pass', ['0 a = f()[0]', '0 b = f()[1]']],
    ['match a:\n  case {"k": b} if c: pass', ['0 b = <pattern> maybe']],
    ['try: pass\nexcept E as e: pass', ['0 e = <exception> maybe']],
    ['paths.append("x")', ['0 paths = ["x"] adds']],
    ['conf.update(A=1)', ['0 conf["A"] = 1']],
    ['conf.update({"A": 1, b: 2})', ['0 conf["A"] = 1']],
  ])('%j', (text, expected) => {
    expect(assigns(text)).toEqual(expected);
  });
});

describe('statements', () => {
  it.each([
    ['f()', ['0 f()']],
    ['"""A docstring."""\nx', ['0 x']],
    ['if a: f()\nelif b: g()', ['0 a test', '0 f() maybe', '0 b test', '0 g() maybe']],
    ['while a: f()', ['0 a test', '0 f() maybe']],
    ['assert a, f()', ['0 a test', '0 f()']],
    ['with open(a) as f, g(): pass', ['0 open(a) as f', '0 g()']],
    ['with (open(a) as f, g(),): pass', ['0 open(a) as f', '0 g()']],
    ['with (a): pass', ['0 a']],
    ['with (a, b) as c: pass', ['0 [a, b] as c']],
    ['async with f() as self.db: pass', ['0 f() as self.db']],
    ['for x in f(): g(x)', ['0 f()', '0 g(x) maybe']],
    ['raise E(f()) from g()', ['0 E(f())', '0 g()']],
    ['match f(a):\n  case 1 if b: g()', ['0 f(a)', '0 b test', '0 g() maybe']],
    ['match(a)', ['0 match(a)']],
    ['match[a] = 1', []],
    ['type(a)', ['0 type(a)']],
    ['type X[T] = dict[str, T]', []],
    ['print(a)', ['0 print(a)']],
  ])('%j', (text, expected) => {
    expect(statements(text)).toEqual(expected);
    expect(read(text).problem).toBeUndefined();
  });
});

describe('scopes', () => {
  it('functions with parameters, decorators and what they return; classes with bases', () => {
    const text = `
@app.route("/")
@login
async def f(a, b: Session = None, /, *args, c="x.db", **kw) -> str:
    if a:
        return a, b
    yield c

class C[T](A, b.B, metaclass=M):
    def m(self): return self.x
`;
    const shown = read(text).scopes.map((scope) => ({
      head: `${scope.async ? 'async ' : ''}${scope.kind} ${scope.name} in ${scope.parent}, ${scope.at[2]}-${scope.lastLine}`,
      params: scope.params?.map(
        (param) =>
          `${param.rest ? '*' : ''}${param.name}${param.type ? `: ${param.type}` : ''}${param.default ? `=${show(param.default)}` : ''}`,
      ),
      more: [scope.decorators, scope.bases, scope.returns].map((list) => list?.map(show).join(' ')),
    }));
    expect(shown).toEqual([
      { head: 'module  in -1, 1-10', params: undefined, more: [undefined, undefined, undefined] },
      {
        head: 'async function f in 0, 4-7',
        params: ['a', 'b: Session=null', '*args', 'c="x.db"', '*kw'],
        more: ['app.route("/") login', undefined, '[a, b] c'],
      },
      { head: 'class C in 0, 9-10', params: undefined, more: [undefined, 'A b.B (metaclass = M)', undefined] },
      { head: 'function m in 2, 10-10', params: ['self'], more: [undefined, undefined, 'self.x'] },
    ]);
  });

  it('imports and texts know their scope', () => {
    const facts = read(
      'import a\ndef f(x="p.db"):\n  import b\n  class C:\n    y = "q.db"\n  z = "r.db"\nimport c\nw = "s.db"',
    );
    expect(facts.imports.map(({ module, scope }) => [module, scope])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 0],
    ]);
    expect(facts.texts.map(({ v, scope }) => [v, scope])).toEqual([
      ['p.db', 1],
      ['q.db', 2],
      ['r.db', 1],
      ['s.db', 0],
    ]);
  });

  it('a lambda returns its body', () => {
    const facts = read('x = lambda p="a.db": connect(p)');
    expect(facts.scopes[1]?.returns?.map(show)).toEqual(['connect(p)']);
    expect(facts.scopes[1]?.params?.map(({ name }) => name)).toEqual(['p']);
  });
});

describe('C21: what does not parse', () => {
  it.each([
    ['print "a", connect(b)\nx = 1', 'line 1: Python 2 print statement', ['0 x = 1'], ['0 ["a", connect(b)]']],
    ['try: pass\nexcept E, e: pass\nx = 1', 'line 2: Python 2 except clause', ['0 x = 1'], []],
    ['raise E, "a"', 'line 1: Python 2 raise statement', [], ['0 E']],
    ['x = 1\ny = = 2\nz = 3', 'line 2: invalid syntax', ['0 x = 1', '0 z = 3'], []],
    ['if a b:\n  x = 1', "line 1: expected ':'", ['0 x = 1'], ['0 a test']],
    ['def f(a, (b, c)):\n  x = 1', 'line 1: invalid syntax', ['1 x = 1'], []],
    ['<<<<<<< a\nx = 1\n=======\nx = 2\n>>>>>>> b', 'line 1: merge conflict marker', ['0 x = 1', '0 x = 2'], []],
    ['x = f(1,\ndef g():\n  y = 2', 'line 1: bracket was never closed', ['1 y = 2'], []],
    ['x = 1\n  y = 2\nz = 3', 'line 2: unexpected indent', ['0 x = 1', '0 y = 2', '0 z = 3'], []],
    ['x = "a\ny = 1', 'line 1: string is never closed', ['0 x = <not Python>', '0 y = 1'], []],
  ])('%j', (text, problem, expected, stated) => {
    const facts = read(text);
    expect(facts.read).toBe('tokens');
    expect(facts.problem).toBe(problem);
    expect(assigns(text)).toEqual(expected);
    expect(statements(text)).toEqual(stated);
  });

  it.each(['except* E: pass', 'except A, B: pass', 'except (A, B) as e: pass'])(
    'newer syntax is no problem: %s',
    (clause) => {
      expect(read(`try: pass\n${clause}\n`).problem).toBeUndefined();
    },
  );

  it.each([
    'def f[T: int = str](a: T) -> T: return a',
    'with (open(a) as b, open(c) as d): pass',
    'x = f"{a["b"]} {f"{c}"} {\'\\n\'.join(d)}"',
    'x = t"{a}"',
    'match x:\n  case [1, *_] | {"a": A(b=c)} as d: pass',
    'x = [*a, *b][*c]',
    'async def f(): return [x async for x in y]',
    'def f(a, /, *, b): pass',
    '@(yield)\ndef f(): pass',
    'print >>f, "x"',
  ])('newer syntax is no problem: %s', (text) => {
    expect(read(text).problem).toBeUndefined();
  });
});
