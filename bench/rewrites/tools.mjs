/**
 * What people use to follow a moved file, each as somebody who knows it would: it changes the texts of a project in which the file still
 * lies at its old place. desprawl is asked through its command line, as anybody asks it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { namesOf, textsOf } from './files.mjs';

const here = fileURLToPath(new URL('../..', import.meta.url));
const isPython = (path) => path.endsWith('.py');
const isScript = (path) => /\.[cm]?[jt]sx?$|\.json$/.test(path);

export const TOOLS = [
  { name: 'desprawl', run: desprawl },
  { name: 'sed', run: sed },
  { name: 'TypeScript language service', run: languageService },
  { name: 'ast-grep rules', run: astGrep },
];

/** `sed -i` over every text: the path, for a module its dotted name too, for a script of a bundler's world its last two segments. */
function sed(dir, { from, to, fixture }) {
  const [a, b] = [namesOf(from), namesOf(to)];
  const isModule = (isPython(from) && !from.startsWith('scripts/')) || isScript(from);
  const pairs = isModule
    ? [isPython(from) ? [a.dotted, b.dotted] : [a.tail, b.tail], ...(isPython(from) ? [[a.stem, b.stem]] : [])]
    : [[from, to]];
  const script = pairs.map(([x, y]) => `s#${x}#${y}#g`).join('\n');
  const files = [...textsOf(dir).keys()];
  if (files.length === 0) throw new Error(`nothing in ${fixture}`);
  must(spawnSync('sed', ['-i', '-e', script, '--', ...files], { cwd: dir, encoding: 'utf8' }));
  return { asked: [] };
}

/** What an editor does when a file is renamed: `getEditsForFileRename`, once for each tsconfig. */
function languageService(dir, { from, to }) {
  const changes = new Map();
  for (const path of [...textsOf(dir).keys()].filter((one) => /(?:^|\/)tsconfig\.json$/.test(one))) {
    const file = join(dir, path);
    const read = ts.readConfigFile(file, ts.sys.readFile);
    const parsed = ts.parseJsonConfigFileContent(read.config, ts.sys, dirname(file));
    const host = {
      getScriptFileNames: () => parsed.fileNames,
      getScriptVersion: () => '1',
      getScriptSnapshot: (name) => {
        const text = ts.sys.readFile(name);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => dirname(file),
      getCompilationSettings: () => ({ ...parsed.options, allowJs: true, resolveJsonModule: true }),
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      readDirectory: ts.sys.readDirectory,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
    };
    const service = ts.createLanguageService(host);
    for (const { fileName, textChanges } of service.getEditsForFileRename(join(dir, from), join(dir, to), {}, {}))
      changes.set(fileName, textChanges);
  }
  for (const [name, list] of changes) {
    let text = readFileSync(name, 'utf8');
    for (const { span, newText } of [...list].sort((x, y) => y.span.start - x.span.start))
      text = text.slice(0, span.start) + newText + text.slice(span.start + span.length);
    writeFileSync(name, text);
  }
  return { asked: [] };
}

/** Rules as one would write them for this one move: exact module names, members taken from a package, texts that name it. */
function astGrep(dir, { from, to }) {
  const rules = isPython(from) ? pythonRules(from, to) : isScript(from) ? scriptRules(from, to) : storeRules(from, to);
  const inline = rules.map((rule, i) => JSON.stringify({ id: `move-${i}`, ...rule })).join('\n---\n');
  const done = spawnSync(
    join(here, 'node_modules/.bin/ast-grep'),
    ['scan', '--inline-rules', inline, '-U', '--no-ignore', 'hidden', '.'],
    {
      cwd: dir,
      encoding: 'utf8',
    },
  );
  if (done.error !== undefined || done.status > 1 || /Error/.test(done.stderr))
    throw new Error(`ast-grep: ${done.error ?? done.stderr}`);
  return { asked: [] };
}

const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function pythonRules(from, to) {
  const [a, b] = [namesOf(from), namesOf(to)];
  const [pkg, now] = [a.dotted.slice(0, -a.base.length - 1), b.dotted.slice(0, -b.base.length - 1)];
  return [
    { language: 'python', rule: { kind: 'dotted_name', regex: `^${literal(a.dotted)}$` }, fix: b.dotted },
    ...(pkg === ''
      ? []
      : [
          {
            language: 'python',
            rule: { pattern: `from ${pkg} import ${a.base}` },
            fix: `from ${now} import ${b.base}`,
          },
        ]),
    {
      language: 'python',
      rule: { kind: 'string_content', regex: `^${literal(a.dotted)}(\\.|$)` },
      transform: { NEW: { replace: { source: '$TEXT', replace: literal(a.dotted), by: b.dotted } } },
      constraints: {},
      fix: '$NEW',
    },
  ].map((rule) => withText(rule));
}

function scriptRules(from, to) {
  const [a, b] = [namesOf(from), namesOf(to)];
  return ['typescript', 'javascript'].map((language) =>
    withText({
      language,
      rule: { kind: 'string_fragment', regex: `(^|/)${literal(a.tail)}(\\.[cm]?[jt]s|\\.json)?$` },
      transform: { NEW: { replace: { source: '$TEXT', replace: literal(a.tail), by: b.tail } } },
      fix: '$NEW',
    }),
  );
}

function storeRules(from, to) {
  return ['python', 'typescript', 'javascript'].map((language) =>
    withText({
      language,
      rule: { kind: language === 'python' ? 'string_content' : 'string_fragment', regex: literal(from) },
      transform: { NEW: { replace: { source: '$TEXT', replace: literal(from), by: to } } },
      fix: '$NEW',
    }),
  );
}

/** A rule by kind has no name for what it found: the pattern that binds it. */
function withText(rule) {
  if (rule.transform === undefined) return rule;
  const { constraints: _, ...rest } = rule;
  return { ...rest, rule: { all: [{ pattern: '$TEXT' }, rule.rule] } };
}

/** A plan of one action; questions are answered with `leave`, and counted. */
function desprawl(dir, { from, to }, { env, cli }) {
  const file = join(dir, '..', 'plan.yaml');
  const name = dir.slice(dir.lastIndexOf('/') + 1);
  writeFileSync(
    file,
    `version: 1\nplan: ${name}-0000\nactions:\n  - move: ${from}\n    to: ${to}\n    id: move\n    reason: compared\n`,
  );
  const run = (...args) =>
    must(
      spawnSync(process.execPath, [cli, '-C', dir, 'plan', '--from', file, '--no-cache', ...args], {
        encoding: 'utf8',
        env,
      }),
    );
  const { decisions, actions } = JSON.parse(run('--json').stdout);
  const mine = actions.find(({ id }) => id === 'move');
  const needed = new Set(mine?.needs.map(({ decision }) => decision));
  // What else it proposes is not asked for here, nor its questions.
  const text = readFileSync(file, 'utf8')
    .replaceAll(/^ {2}- decision: (\S+)\n(?:(?! {2}- |\S).*\n)*/gm, (decision, id) =>
      needed.has(id) ? decision.replace(/^( {4}chosen:).*$/m, '$1 leave') : decision,
    )
    .replaceAll(/^( {4})id: (?!move$)(.*)$/gm, '$1id: $2\n$1skip: true');
  writeFileSync(file, text);
  const asked = decisions
    .filter(({ id }) => mine?.needs.some(({ decision }) => decision === id))
    .flatMap(({ evidence }) => evidence);
  const patch = run('--diff-code').stdout;
  const plain = patch.replaceAll(/^(?:similarity index.*|rename (?:from|to) .*)\n/gm, '');
  if (!/^diff /m.test(plain)) return { asked, why: mine?.why ?? null };
  mkdirSync(join(dir, '..'), { recursive: true });
  must(
    spawnSync('git', ['apply', '--whitespace=nowarn', '-'], {
      cwd: dir,
      input: patch,
      encoding: 'utf8',
      env: { ...env, GIT_CEILING_DIRECTORIES: dirname(dir) },
    }),
  );
  return { asked, moved: true };
}

function must(done) {
  if (done.error !== undefined || done.status !== 0)
    throw new Error(`${done.error ?? ''}${done.stderr}${done.stdout}`.slice(0, 2_000));
  return done;
}
