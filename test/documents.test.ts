/** What is published is what is printed: schemas against real output, generated pages against the code, versions against each other. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ERRORS } from '../src/errors.ts';
import { VERSION } from '../src/version.ts';
import { runCli } from './run-cli.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

let parent: string;
let project: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'documents-'));
  project = join(parent, 'homestead');
  const built = spawnSync(process.execPath, [join(root, 'examples/homestead/build.mjs'), project], {
    encoding: 'utf8',
  });
  expect(built.status, built.stderr).toBe(0);
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

function expectValid(schema: string, document: unknown): void {
  const validate = new Ajv({ strict: false, allErrors: true }).compile(
    JSON.parse(read(`schema/${schema}.schema.json`)) as object,
  );
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
}

it.each([
  ['audit', ['audit'], 1],
  ['diff', ['diff', 'data/hub.db', 'data/auth.db'], 1],
  ['diff', ['diff', 'exports/devices.csv', 'data/hub.db', '--show-values'], 1],
  ['plan', ['plan'], 0],
  ['error', ['diff', 'nothing.db', 'data/hub.db'], 2],
  ['error', ['audit', '--frmat'], 2],
] as const)('%s documents fit their published schema', async (schema, args, code) => {
  const run = await runCli(['-C', project, ...args, '--json']);
  expect(run.code).toBe(code);
  expectValid(schema, JSON.parse(run.stdout));
});

it('the configuration that init writes fits its published schema', async () => {
  const run = await runCli(['-C', project, 'init', '--stdout']);
  expectValid('desprawl', parse(run.stdout));
});

it('a schema refuses what is not the document', () => {
  expect(() => expectValid('audit', { version: 1 })).toThrow();
});

it('generated pages and schemas are up to date', () => {
  const run = spawnSync(process.execPath, [join(root, 'scripts/docs.mjs'), '--check'], { encoding: 'utf8' });
  expect(`${run.stdout}${run.stderr}`).toBe('');
  expect(run.status).toBe(0);
});

it('the version is said in one way', async () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(VERSION).toBe(version);
  expect((await runCli(['--version'])).stdout).toBe(`${version}\n`);
  expect(read('CHANGELOG.md')).toContain(`## ${version}`);
});

it('every error is documented', () => {
  for (const code of Object.keys(ERRORS)) expect(read('docs/errors.md')).toContain(`| \`${code}\` |`);
});

it('no page links to a page that is not there', () => {
  for (const page of [
    'README.md',
    'docs/findings.md',
    'docs/configuration.md',
    'docs/json.md',
    'docs/audit.md',
    'docs/cli.md',
    'docs/errors.md',
    'docs/architecture.md',
    'docs/rows.md',
    'docs/exports.md',
  ]) {
    for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)) {
      const path = join(page, '..', target);
      expect(() => read(path), `${page} links to ${target}`).not.toThrow();
    }
  }
});

it('every command that the pages show can be run', async () => {
  const pages = ['README.md', 'docs/configuration.md', 'docs/json.md', 'docs/audit.md', 'docs/exports.md'];
  const lines = pages.flatMap((page) => [
    ...read(page).matchAll(/(?:^|[`$] ?)desprawl ((?:audit|diff|[a-z]+)[^`#|>\n]*)/gm),
  ]);
  const shown = new Set(lines.map(([, args = '']) => args.trim().replace(/ {3,}.*$/, '')));
  expect(shown.size).toBeGreaterThan(6);
  for (const line of shown) {
    const [name = '', ...words] = line.split(/\s+/);
    const flags = words.filter((word) => word.startsWith('-'));
    const help = await runCli([name, '--help']);
    expect(help.code, line).toBe(0);
    for (const flag of flags) expect(help.stdout, line).toContain(flag);
  }
});
