import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/third-party.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('S12: stores of other programs are named and left alone', () => {
  const programs = Object.fromEntries(seen.audit.stores.map(({ path, foreign }) => [path, foreign?.program]));
  expect(programs).toMatchObject({
    'ha/home-assistant_v2.db': 'Home Assistant',
    'proxy/litellm.db': 'LiteLLM',
    'music/navidrome.db': 'Navidrome',
  });
  for (const path of ['ha/home-assistant_v2.db', 'proxy/litellm.db', 'music/navidrome.db']) {
    expect(seen.about('foreign-store', path)).toHaveLength(1);
    expect(
      seen.audit.findings.filter((finding) => finding.stores?.includes(path) && finding.code !== 'foreign-store'),
    ).toEqual([]);
  }
});

it("S12: the project's own store with tables of the same names stays the project's own", () => {
  expect(seen.store('data/hub.db').foreign).toBeUndefined();
  expect(seen.about('foreign-store', 'data/hub.db')).toEqual([]);
});

it('S12: the configuration can say that another store is foreign', () => {
  expect(seen.store('data/partner.db').foreign).toBeDefined();
  expect(seen.about('foreign-store', 'data/partner.db')).toHaveLength(1);
  expect(seen.about('twin-table', 'data/partner.db')).toEqual([]);
});
