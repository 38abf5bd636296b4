/** The same answers as CPython's own parser, over files of its library, where there is one on this machine. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { python } from './language.ts';

const SCRIPT = `
import ast, io, json, os, sys, warnings
warnings.simplefilter("ignore")
root = os.path.dirname(os.__file__)
out = []
names = sorted(n for n in os.listdir(root) if n.endswith(".py"))
folders = ["asyncio", "email", "importlib", "json", "logging", "sqlite3", "unittest", "xml/dom"]
paths = [os.path.join(root, n) for n in names] + [os.path.join(root, f, n) for f in folders if os.path.isdir(os.path.join(root, f)) for n in sorted(os.listdir(os.path.join(root, f))) if n.endswith(".py")]
for path in paths:
    try:
        with io.open(path, encoding="utf-8") as f: tree = ast.parse(f.read())
    except (SyntaxError, UnicodeDecodeError, ValueError):
        continue
    imports, functions, classes = [], [], []
    for n in ast.walk(tree):
        if isinstance(n, ast.Import):
            imports += [[0, a.name, []] for a in n.names]
        elif isinstance(n, ast.ImportFrom) and n.module != "__future__":
            imports.append([n.level, n.module or "", [[a.name, a.asname or a.name] for a in n.names]])
        elif isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)):
            a = n.args
            params = len(getattr(a, "posonlyargs", [])) + len(a.args) + len(a.kwonlyargs) + bool(a.vararg) + bool(a.kwarg)
            functions.append([n.name, n.lineno, getattr(n, "end_lineno", 0), params, len(n.decorator_list)])
        elif isinstance(n, ast.ClassDef):
            classes.append([n.name, n.lineno, getattr(n, "end_lineno", 0), len(n.bases) + len(n.keywords)])
    out.append([path, imports, functions, classes])
json.dump([sys.version_info[:2], out], sys.stdout)
`;

type Row = readonly [path: string, imports: unknown[], functions: unknown[], classes: unknown[]];

const run = spawnSync('python3', ['-c', SCRIPT], { encoding: 'utf8', maxBuffer: 200_000_000 });
const [version, rows]: [[number, number], Row[]] = run.status === 0 ? JSON.parse(run.stdout) : [[0, 0], []];
/** Older ones count a decorator as a function's first line and do not say the last. */
const isRecent = version[0] === 3 && version[1] >= 8 && rows.length > 0;

const sorted = (values: readonly unknown[]): string[] => values.map((value) => JSON.stringify(value)).sort();

describe.runIf(isRecent)('as CPython reads its own library', () => {
  it('imports, functions and classes', () => {
    for (const [path, imports, functions, classes] of rows) {
      const facts = python.structure(readFileSync(path, 'utf8'), path);
      expect(facts.problem, path).toBeUndefined();
      const stated = facts.imports.filter(({ kind }) => kind === 'static' || kind === 'type');
      expect(
        sorted(
          stated.map(({ level = 0, module, names }) => [
            level,
            module,
            names.map(({ name, as }) => [name, name === '*' ? name : as]),
          ]),
        ),
        path,
      ).toEqual(sorted(imports));
      const scopes = (kind: 'function' | 'class'): unknown[] =>
        facts.scopes
          .filter((scope) => scope.kind === kind && scope.name !== '')
          .map(({ name, at, lastLine, params = [], decorators = [], bases = [] }) =>
            kind === 'class'
              ? [name, at[2], lastLine, bases.length]
              : [name, at[2], lastLine, params.length, decorators.length],
          );
      expect(sorted(scopes('function')), path).toEqual(sorted(functions));
      expect(sorted(scopes('class')), path).toEqual(sorted(classes));
    }
  }, 120_000);
});
