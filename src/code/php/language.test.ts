import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expr, FileFacts } from '../facts.ts';
import { php } from './language.ts';

const read = (code: string): FileFacts => php.structure(`<?php\n${code}`, 'x.php');
const assignedTo = (facts: FileFacts, to: string): Expr | undefined =>
  facts.assigns.find((one) => one.to === to)?.value;

/** Without spans: what an expression says. */
function say(expr: Expr | undefined): string {
  if (expr === undefined) return '-';
  switch (expr.k) {
    case 'text':
      return JSON.stringify(expr.v);
    case 'name':
      return expr.v;
    case 'member':
      return `${say(expr.of)}.${expr.v}`;
    case 'index':
      return `${say(expr.of)}[${say(expr.key)}]`;
    case 'call': {
      const named = Object.entries(expr.named ?? {}).map(([name, value]) => `${name}: ${say(value)}`);
      return `${expr.new ? 'new ' : ''}${say(expr.fn)}(${[...expr.args.map(say), ...named].join(', ')})`;
    }
    case 'concat':
      return `<${expr.parts.map(say).join(' ')}>`;
    case 'op':
      return `(${say(expr.a)} ${expr.op} ${say(expr.b)})`;
    case 'if':
      return `(${say(expr.test)} ? ${say(expr.then)} : ${say(expr.else)})`;
    case 'list':
      return `[${expr.items.map(say).join(', ')}]`;
    case 'map':
      return `{${expr.entries.map(([key, value]) => `${say(key)}: ${say(value)}`).join(', ')}}`;
    case 'sql':
      return `sql(${expr.uses.map(({ verb, table, line }) => `${verb} ${table}@${line}`).join(', ')})`;
    case 'number':
    case 'bool':
      return String(expr.v);
    default:
      return expr.k;
  }
}

describe('PHP: what opens a store', () => {
  it.each([
    [
      '$pdo = new PDO("sqlite:" . __DIR__ . "/../data/app.db");',
      'pdo',
      'new PDO(<"sqlite:" __DIR__ "/../data/app.db">)',
    ],
    ['$pdo = new \\PDO("sqlite:$path");', 'pdo', 'new PDO(<"sqlite:" path>)'],
    ['$db = new mysqli($host, "u", "p", DB_NAME);', 'db', 'new mysqli(host, "u", "p", DB_NAME)'],
    ["$x = getenv('X') ?: 'y';", 'x', '(getenv("X") ? getenv("X") : "y")'],
    ["$x = $_ENV['X'] ?? 'y';", 'x', '(_ENV["X"] ?? "y")'],
    ['$x = "{$a[\'k\']}/$b->c/$d.db";', 'x', '<a["k"] "/" b.c "/" d ".db">'],
    ['$x = <<<EOT\n$dir/app.db\nEOT;', 'x', '<dir "/app.db">'],
    ["$x = <<<'EOT'\n$dir/app.db\nEOT;", 'x', '"$dir/app.db"'],
    ['$x = "a\\tb\\\\c\\x41";', 'x', '"a\\tb\\\\cA"'],
    ['$x = self::$pool[static::KEY]->open(path: "x.db");', 'x', 'self.pool[self.KEY].open(path: "x.db")'],
    ['$x = Config::get("db") . ".sqlite";', 'x', '<Config.get("db") ".sqlite">'],
    [
      '$x = match($e) { "a", "b" => "1.db", default => "2.db" };',
      'x',
      '(((e === "a") || (e === "b")) ? "1.db" : "2.db")',
    ],
    ['$x = (string) @$y;', 'x', 'y'],
    ['$x = ["driver" => "sqlite", "n" => [1, 2]];', 'x', '{"driver": "sqlite", "n": [1, 2]}'],
  ])('%s', (code, to, said) => {
    expect(say(assignedTo(read(code), to))).toBe(said);
  });

  it('names what is assigned: variables, properties, entries, static members, constants', () => {
    const facts = read(
      `$a = 1; $this->path = 2; self::$pool = 3; $c["db"]["x"] = 4; $l[] = 5; [$p, 'k' => $q] = f();
      define('DB', 'x.db'); const Z = 6; $a .= 'b'; $o->{$n} = 7;
      class K { const C = 8; public static ?PDO $db = null; private $q = 'y'; function __construct(private string $z = 'z.db') {} }`,
    );
    expect(facts.assigns.map(({ scope, to, adds }) => `${scope} ${to}${adds ? ' +' : ''}`)).toEqual([
      '0 a',
      '0 this.path',
      '0 self.pool',
      '0 c["db"]["x"]',
      '0 l +',
      '0 p',
      '0 q',
      '0 DB',
      '0 Z',
      '0 a +',
      '1 C',
      '1 db',
      '1 q',
    ]);
    expect(facts.scopes.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'module ',
      'class K',
      'function __construct',
    ]);
    expect(facts.scopes[2]?.params?.map((param) => [param.name, param.type, say(param.default)])).toEqual([
      ['z', 'string', '"z.db"'],
    ]);
    expect(facts.exports.map(({ name, kind }) => [name, kind])).toEqual([
      ['DB', 'value'],
      ['Z', 'value'],
      ['K', 'class'],
    ]);
  });

  it('finds SQL in texts, templates, heredocs and what is joined, with the line of each table', () => {
    const facts = read(
      `$a = "SELECT * FROM users WHERE id = {$id}";
$db->query('DELETE FROM ' . PREFIX . 'sessions');
$b = <<<SQL
  INSERT INTO log (a)
  SELECT x FROM $t
SQL;
$c = "UPDATE a SET x = 1\\nWHERE y = " . f($z);
$d = "Select a file from the list";`,
    );
    expect(say(assignedTo(facts, 'a'))).toBe('sql(select users@2)');
    expect(say(facts.statements[0]?.value)).toBe('db.query(sql(delete ?sessions@3))');
    expect(say(assignedTo(facts, 'b'))).toBe('sql(insert log@5, select ?@6)');
    expect(say(assignedTo(facts, 'c'))).toBe('sql(update a@8)');
    expect(facts.statements.map(({ value }) => say(value))).toContain('f(z)');
    expect(say(assignedTo(facts, 'd'))).toBe('"Select a file from the list"');
  });

  it('knows conditions, loops, returns and what may not happen', () => {
    const facts = read(
      `if (!file_exists($p)) { $db = 'a.db'; } elseif (x()) { $db = 'b.db'; } else { $db = 'c.db'; }
      foreach (glob('*.db') as $f) { open($f); }
      try { $t = 1; } catch (E $e) { y(); } finally { $u = 2; }
      function get() { static $n = 1; return new PDO($n); }`,
    );
    expect(facts.assigns.map(({ to, maybe }) => `${to}${maybe ? '?' : ''}`)).toEqual([
      'db?',
      'db?',
      'db?',
      'f?',
      't?',
      'u',
      'n',
    ]);
    expect(facts.statements.filter(({ test }) => test).map(({ value }) => say(value))).toEqual([
      '(file_exists(p) ! -)',
      'x()',
    ]);
    expect(facts.scopes[1]?.returns?.map(say)).toEqual(['new PDO(n)']);
  });

  it('reads the code between HTML, and only that', () => {
    const text = `<p>$a = new PDO('no.db')</p>\n<?php $a = new PDO('sqlite:yes.db'); ?>\n<i>it's</i> <?= f("x.db") ?>`;
    const facts = php.structure(text, 'x.php');
    expect(facts.read).toBe('structure');
    expect(facts.texts.map(({ v, at }) => [v, at[2]])).toEqual([
      ['sqlite:yes.db', 2],
      ['x.db', 3],
    ]);
    const [start, end] = facts.texts[0]?.at ?? [0, 0];
    expect(text.slice(start, end)).toBe("'sqlite:yes.db'");
  });
});

describe('PHP: imports and exports', () => {
  const CODE = `#!/usr/bin/env php
<?php
namespace App\\Http;
use App\\Models\\{User, Post as P};
use PDO;
use function App\\helper;
// require 'comment.php';
require_once __DIR__ . '/../db.php';
include 'x.php';
require_once(dirname(__FILE__) . "/y.php");
require dirname(__DIR__) . '/z.php';
include $page . '.php';
function load() { require 'inner.php'; return new Local(); }
class Site extends Base { use Helper; }
interface Door {}
const A = 1;
define('B', 2);
`;
  const said = (facts: FileFacts): string[] => facts.imports.map(({ module, kind }) => `${module} ${kind}`);
  const includes = [
    './../db.php static',
    'x.php static',
    './y.php static',
    './../z.php static',
    'null static',
    'inner.php dynamic',
  ];

  it('C2: the outline knows includes and uses without parsing', () => {
    const facts = php.outline(CODE, 'x.php');
    expect(facts.read).toBe('outline');
    expect(facts.runnable).toBe(true);
    expect(said(facts)).toEqual([
      'App\\Models\\User static',
      'App\\Models\\Post static',
      'PDO static',
      'App\\helper static',
      ...includes,
    ]);
    expect(facts.exports.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'load function',
      'Site class',
      'Door type',
      'A value',
      'B value',
    ]);
    expect(facts.scopes).toEqual([]);
  });

  it('C2: the structure knows the same, and classes that only an autoloader brings', () => {
    const facts = php.structure(CODE, 'x.php');
    const outline = php.outline(CODE, 'x.php');
    const autoloaded = ['App\\Http\\Local dynamic', 'App\\Http\\Base dynamic', 'App\\Http\\Helper dynamic'];
    expect(said(facts).toSorted()).toEqual([...said(outline), ...autoloaded].toSorted());
    for (const { module, at } of outline.imports) {
      if (module === null) continue;
      const same = facts.imports.find((one) => one.module === module);
      expect([module, same?.at]).toEqual([module, at]);
      expect(module.endsWith(CODE.slice(at[0], at[1]).replace(/^\//, ''))).toBe(true);
    }
    expect(facts.exports.map(({ name }) => name)).toEqual(outline.exports.map(({ name }) => name));
    expect(facts.imports.find(({ module }) => module?.endsWith('Post'))?.names).toEqual([{ name: 'Post', as: 'P' }]);
  });

  it('gives a variable what a file returns', () => {
    const facts = read(`$config = require __DIR__ . '/config.php';`);
    expect(facts.imports[0]?.names).toEqual([
      { name: 'default', as: 'config' },
      { name: '*', as: '*' },
    ]);
    expect(facts.assigns).toEqual([]);
    const config = read(`return ['db' => 'app.db'];`);
    expect(say(assignedTo(config, 'default'))).toBe('{"db": "app.db"}');
    expect(config.exports.map(({ name }) => name)).toEqual(['default']);
  });

  it('C7: marks functions that are not there yet', () => {
    const facts = read(
      `function a() { throw new Exception('Not implemented'); } function b() { return null; } function c() { return 1; }`,
    );
    expect(facts.exports.map(({ name, stub }) => [name, stub])).toEqual([
      ['a', true],
      ['b', true],
      ['c', undefined],
    ]);
  });
});

describe('PHP: what does not parse', () => {
  it('C21: says so, and keeps imports, openings and SQL', () => {
    const facts = php.structure(
      `<?php require 'a.php'; $a = ; class { function ((\n$pdo = new PDO('sqlite:x.db');\n$q = "SELECT * FROM t WHERE i = $i";\nrequire 'b.php';`,
      'x.php',
    );
    expect(facts.read).toBe('tokens');
    expect(facts.problem).toMatch(/^line 1: /);
    expect(facts.imports.map(({ module }) => module)).toEqual(['a.php', 'b.php']);
    const said = [...facts.assigns, ...facts.statements].map(({ value }) => say(value));
    expect(said.join('; ')).toContain('new PDO("sqlite:x.db")');
    expect(said.join('; ')).toContain('sql(select t@3)');
    expect(facts.texts.map(({ v }) => v)).toContain('sqlite:x.db');
  });

  it('survives nesting that would overflow the stack', () => {
    for (const [open, close] of [
      ['(', ')'],
      ['[', ']'],
      ['{', '}'],
      ['f(', ')'],
      ['!', ''],
      ['-', ''],
      ['if(1) ', ''],
      ['if(1){}else ', ''],
      ['$a ? ', ''],
      ['"a" . ', ''],
      ['$a = ', ''],
      ['fn() => ', ''],
      ['new ', ''],
      ['$a->', ''],
    ] as const) {
      const code = `<?php require 'a.php'; $x = ${open.repeat(20_000)}1${close.repeat(20_000)};`;
      const facts = php.structure(code, 'x.php');
      expect(facts.imports[0]?.module).toBe('a.php');
    }
  });

  it.each(['enum finallyint', 'declare(enum default', '#[yield ', 'class>interface <div>string::foreach>'])(
    'ends where the parser alone does not: %s',
    (code) => {
      expect(read(`require 'a.php'; ${code}`).imports[0]?.module).toBe('a.php');
    },
  );

  it('never throws and stays linear for garbage', () => {
    const piece = fc.constantFrom(
      ...`<?php |?>|<?= |'|"|\\|{|}|(|)|[|]|$a|->|::|use |function |class |require |<<<A\n|A\n|;|,|=|/*|*/|#|//|\n|\`|$|{$|namespace |const |define(|match|fn|=>|&|...|new |if|else|?|:|static |x`.split(
        '|',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (parts) => {
        const text = `<?php ${parts.join('')}`;
        php.outline(text, 'x.php');
        php.structure(text, 'x.php');
      }),
      { numRuns: 300 },
    );
    for (const part of ["'", '"', "\\'", '/*', '<<<A\n', '{', "a'\\", '#', '?><?php ', "'a'.", '$a="$b";', '`']) {
      php.outline(`<?php ${part.repeat(100_000)}`, 'x.php');
    }
  });
});
