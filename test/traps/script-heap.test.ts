import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/script-heap.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

const families = (words: RegExp): readonly string[] =>
  seen
    .findings('script-family')
    .filter(({ message }) => words.test(message))
    .flatMap(({ at }) => at.map(({ path }) => path))
    .sort();

it('C17: five scripts migrate, in three languages', () => {
  expect(families(/migrate/)).toEqual([
    'scripts/add_prices.py',
    'scripts/bring-up.mjs',
    'scripts/later.sh',
    'scripts/schema-2.js',
    'scripts/upgrade.py',
  ]);
});

it('C17: what drops a table to make it again resets it, as those that empty it or remove the file', () => {
  expect(families(/reset/).filter((path) => path.startsWith('scripts/'))).toEqual([
    'scripts/away.sh',
    'scripts/empty.js',
    'scripts/fresh.py',
    'scripts/start_over.py',
  ]);
});

it('C17: three scripts only look; what the tests do is no family', () => {
  expect(families(/check/)).toEqual(['scripts/doctor.py', 'scripts/healthy.js', 'scripts/look.php']);
  expect(seen.about('script-family', 'tests/test_orders.py')).toEqual([]);
});

it('C17: each script is listed with what it opens', () => {
  const [found] = seen.about('script-family', 'scripts/upgrade.py');
  expect(found?.stores).toEqual(['data/shop.db']);
  expect(found?.evidence).toContainEqual(
    expect.stringMatching(/^scripts\/upgrade\.py: ALTER TABLE orders \(line 6\); opens data\/shop\.db/),
  );
});

it('C18: a script that deletes and asks nobody; not one that asks, wants an option, or looks where it is', () => {
  expect(
    seen
      .findings('destructive-script')
      .map(({ at }) => at[0]?.path)
      .sort(),
  ).toEqual(['scripts/away.sh', 'scripts/empty.js', 'scripts/start_over.py']);
  expect(seen.about('destructive-script', 'scripts/empty.js')).toMatchObject([
    { severity: 'high', stores: ['data/shop.db'], at: [{ line: 3 }] },
  ]);
});

it('C16: an option that is accepted and ignored', () => {
  expect(seen.findings('unread-setting').map(({ message, at }) => [message, at])).toEqual([
    ['tools/load.js accepts --limit and ignores it.', [{ path: 'tools/load.js', line: 3 }]],
  ]);
});

it('C19: what cron, a unit, a target, a workflow and an image start is there, or it is said', () => {
  const places = seen.findings('dangling-reference').flatMap(({ at }) => at.map(({ path, line }) => `${path}:${line}`));
  expect(places.sort()).toEqual([
    '.github/workflows/nightly.yml:8',
    'Dockerfile:4',
    'Makefile:4',
    'deploy/crontab:2',
    'deploy/watch.service:3',
  ]);
});
