import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { day, range } from './people.ts';
import { writeFile } from './write-file.ts';

const EVENTS = 'CREATE TABLE events (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, happened_at TEXT NOT NULL)';
const events = (n: number) =>
  insert(
    'events',
    range(n).map((i) => ({ id: i + 1, kind: `kind-${i % 4}`, happened_at: day(i) })),
  );

export const project: FixtureProject = {
  traps: ['S12'],
  wrong: `Three stores belong to other programs: the recorder of Home Assistant, the model proxy LiteLLM and the music server
    Navidrome; the first has a table named like the project's own. data/hub.db has
    tables events and states as well and is the project's own. data/partner.db looks like nothing special; desprawl.yaml says
    that another team owns it.`,
  build(dir) {
    makeStore(
      dir,
      'ha/home-assistant_v2.db',
      `${EVENTS}; CREATE TABLE states (state_id INTEGER PRIMARY KEY, entity_id TEXT, state TEXT); CREATE TABLE recorder_runs (run_id INTEGER PRIMARY KEY);
       CREATE TABLE schema_changes (change_id INTEGER PRIMARY KEY, schema_version INTEGER); INSERT INTO schema_changes VALUES (1, 43);`,
      events(30),
    );
    makeStore(
      dir,
      'proxy/litellm.db',
      `CREATE TABLE "LiteLLM_UserTable" (user_id TEXT PRIMARY KEY, spend REAL); CREATE TABLE "LiteLLM_VerificationToken" (token TEXT PRIMARY KEY);
       INSERT INTO "LiteLLM_UserTable" VALUES ('default', 0.5);`,
    );
    makeStore(
      dir,
      'music/navidrome.db',
      `CREATE TABLE media_file (id TEXT PRIMARY KEY, path TEXT); CREATE TABLE annotation (ann_id TEXT PRIMARY KEY); CREATE TABLE album (id TEXT PRIMARY KEY, name TEXT);
       CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY, version_id INTEGER); INSERT INTO album VALUES ('a1', 'Nocturnes');`,
    );
    makeStore(dir, 'data/hub.db', `${EVENTS}; CREATE TABLE states (id INTEGER PRIMARY KEY, label TEXT)`, events(20));
    makeStore(dir, 'data/partner.db', EVENTS, events(25));
    writeFile(dir, 'desprawl.yaml', 'version: 1\nforeign:\n  - data/partner.db\n');
  },
};
