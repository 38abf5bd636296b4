import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/repeated-connections.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

const messages = (code: string): readonly string[] => seen.findings(code).map(({ message }) => message);

it('C5, C8: two modules open one store; the one of their name that opens another is only a namesake', () => {
  expect(messages('repeated-connection-module')).toEqual([
    'src/core/db.js and src/lib/db.js each make connections to data/app.db.',
  ]);
  const [{ evidence = [] } = {}] = seen.findings('repeated-connection-module');
  expect(evidence).toContain('src/mail/db.js is only a namesake: it opens data/mail.db');
});

it('C8: the keeper has what importers call, or the finding says what it lacks', () => {
  const [{ evidence = [] } = {}] = seen.findings('repeated-connection-module');
  expect(evidence.find((line) => line.includes('would be the one to keep'))).toMatch(
    /^src\/lib\/db\.js .* 2 of 2 members/,
  );
  expect(evidence.join('\n')).not.toContain('lacks');
});

it('C6: a copy and what it alone has; the namesake that says other things is none', () => {
  const found = seen.findings('near-copy');
  expect(found.map(({ at }) => at.map(({ path }) => path))).toEqual([
    ['src/core/billing.js', 'src/services/billing.js'],
  ]);
  expect(found[0]?.evidence).toContain('only src/services/billing.js has closePeriod');
});

it('C7: the imported client that is null is critical, the fake of the tests is not reported', () => {
  expect(seen.findings('stub-export')).toMatchObject([
    { severity: 'critical', message: 'redis of src/cache.ts is a stand-in that 1 file imports.' },
  ]);
});

it('C9: an import of a former path, and the file that is meant; generated parts are not missed', () => {
  expect(seen.findings('dangling-import')).toMatchObject([
    { severity: 'high', confidence: 'proven', at: [{ path: 'src/report.js', line: 1 }] },
  ]);
  expect(seen.findings('dangling-import')[0]?.evidence).toContain('perhaps src/format.js is meant');
});

it('C10: a compiled file beside its source', () => {
  expect(messages('compiled-residue')).toEqual(['src/old.js was left behind by a build, beside the source.']);
});

it('C19: scripts of the manifest, sources of the image and paths that CI builds', () => {
  expect([...messages('dangling-reference')].sort()).toEqual([
    '.github/workflows/check.yml names checks/mails.js, which is not there.',
    'Dockerfile names config/production.yaml, which is not there.',
    'package.json names scripts/seed.js, which is not there.',
  ]);
});
