import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/unreadable.ts';
import { expectNoTrace, runCli } from '../run-cli.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  // The owner's permissions do not stop root: look as somebody else.
  seen = await opened.audit([], { uid: OTHER_USER });
});
afterAll(() => opened?.close());

const OTHER_USER = 65_534;
const SEALED = ['data/locked.db', 'data/torn.db', 'data/scratched.db', 'data/model.db', 'data/annexed.csv'];

it('S14: each is not verified, with its reason, and nothing is said about its rows', () => {
  const reasons = Object.fromEntries(SEALED.map((path) => [path, seen.store(path).reason?.code]));
  expect(reasons).toEqual({
    'data/locked.db': 'permission',
    'data/torn.db': 'truncated',
    'data/scratched.db': 'corrupt',
    'data/model.db': 'lfs-pointer',
    'data/annexed.csv': 'missing-content',
  });
  for (const path of SEALED) {
    expect(seen.store(path).status).toBe('not-verified');
    expect(seen.about('unreadable-store', path)).toHaveLength(1);
  }
});

it('S14: "could not read" is never "empty", and leads to no conclusion', () => {
  const claims = seen.audit.findings.filter(({ code }) => code !== 'unreadable-store');
  for (const finding of claims) {
    const named = [...(finding.stores ?? []), ...finding.at.map(({ path }) => path)];
    expect(
      named.filter((path) => SEALED.includes(path)),
      finding.message,
    ).toEqual([]);
  }
  expect(seen.audit.relations.filter(({ a, b }) => SEALED.includes(a) || SEALED.includes(b))).toEqual([]);
  expect(seen.rows('data/guests.db')).toEqual({ guests: 60 });
});

it.each(SEALED)('S14: comparing with %s is refused with its reason', async (path) => {
  const args = ['-C', opened.dir, 'diff', 'data/guests.db', path, '--json'];
  const run = await opened.untouched(() => runCli(args, { uid: OTHER_USER }));
  expectNoTrace(run);
  expect(run.code).toBe(2);
  expect(run.stderr + run.stdout).toContain(path);
  expect(run.stderr + run.stdout).toMatch(/DSP-STORE-(UNREADABLE|MISSING)/);
});
