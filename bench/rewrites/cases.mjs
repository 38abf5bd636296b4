/**
 * What is moved in which fixture, and the right answers: each line that must change, with what it must say instead. Every other line of every
 * file must stay as it is. Written by hand from the fixtures; several spellings are right where a language leaves the choice. Prose may
 * follow or not.
 */

/** [file, line, what stands there, what shall stand there, …other right spellings]. */
const home = (what, from, to, lines) => ({ fixture: 'homestead', what, from, to, lines });
const paths = (what, name, lines) => ({
  fixture: 'typescript-paths',
  what,
  from: `web/src/reached/${name}`,
  to: `web/src/shared/${name}`,
  lines,
});
const ways = (what, from, to, lines) => ({ fixture: 'imported-by-name', what, from, to, lines });
const way = (what, name, ...line) =>
  ways(what, `kiosk/ways/${name}.py`, `kiosk/paths/${name}.py`, [['kiosk/main.py', ...line]]);
const named = (what, name, ...line) => ways(what, `kiosk/named/${name}.py`, `kiosk/known/${name}.py`, [line]);

const SERVER = 'web/src/server.ts';

export const CASES = [
  home('a module, imported in five ways', 'services/hub/db/connection.py', 'services/hub/store/connection.py', [
    ['services/hub/repositories/devices.py', 2, 'services.hub.db.connection', 'services.hub.store.connection'],
    ['services/hub/repositories/memory.py', 5, 'services.hub.db.connection', 'services.hub.store.connection'],
    ['services/hub/repositories/rooms.py', 2, '..db.connection', '..store.connection'],
    ['scripts/reset_db.py', 5, 'db.connection', 'store.connection'],
    ['scripts/migrate_v2.py', 6, 'db.connection', 'store.connection'],
  ]),
  home('a module that a mock names', 'services/hub/mqtt/connection.py', 'services/hub/bus/connection.py', [
    ['tests/test_mqtt.py', 6, 'services.hub.mqtt.connection', 'services.hub.bus.connection'],
    ['tests/test_mqtt.py', 10, 'services.hub.mqtt.connection', 'services.hub.bus.connection'],
  ]),
  home('TypeScript: alias, suffixes', 'services/energy/src/lib/settings.ts', 'services/energy/src/config/settings.ts', [
    ['services/energy/src/server.ts', 3, './lib/settings.ts', './config/settings.ts'],
    ['services/energy/src/lib/state.ts', 3, './settings.js', '../config/settings.js', '../config/settings.ts'],
    ['services/energy/src/routes/household.ts', 1, '../lib/settings.ts', '../config/settings.ts'],
    ['services/energy/src/routes/scenes.ts', 3, '../lib/settings.js', '../config/settings.js', '../config/settings.ts'],
    [
      'services/energy/src/routes/totals.ts',
      1,
      '@lib/settings',
      '../config/settings',
      '../config/settings.ts',
      '../config/settings.js',
    ],
  ]),
  home('a script: build, schedule, manifest, CI', 'scripts/check_db.py', 'ops/check_db.py', [
    ['Makefile', 20, 'scripts/check_db.py', 'ops/check_db.py'],
    ['deploy/crontab', 4, 'scripts/check_db.py', 'ops/check_db.py'],
    ['package.json', 9, 'scripts/check_db.py', 'ops/check_db.py'],
    ['.github/workflows/ci.yml', 21, 'check_db', '../ops/check_db'],
  ]),
  home('a store: code, variables, compose', 'data/energy.db', 'data/energy/energy.db', [
    ['.env', 3, 'data/energy.db', 'data/energy/energy.db'],
    ['.env.example', 5, 'data/energy.db', 'data/energy/energy.db'],
    ['docker-compose.yaml', 30, '/data/energy.db', '/data/energy/energy.db'],
    [
      'services/energy/src/lib/settings.ts',
      7,
      "join('data', 'energy.db')",
      "join('data', 'energy', 'energy.db')",
      "join('data', 'energy/energy.db')",
      "join('data/energy', 'energy.db')",
    ],
  ]),
  paths('alias; another package has the same spelling', 'aliased.ts', [
    [SERVER, 3, '@/reached/aliased', '@/shared/aliased'],
  ]),
  paths('alias of a parent’s configuration', 'inherited.ts', [
    [SERVER, 5, '#base/inherited', './shared/inherited', '@/shared/inherited'],
  ]),
  paths('behind a barrel', 'barrelled.ts', [['web/src/reached/index.ts', 1, './barrelled', '../shared/barrelled']]),
  paths('export *', 'starred.ts', [['web/src/reached/index.ts', 2, './starred', '../shared/starred']]),
  paths('.js for .ts', 'suffixed.ts', [[SERVER, 8, './reached/suffixed.js', './shared/suffixed.js']]),
  paths('a type alone', 'typed.ts', [[SERVER, 9, './reached/typed', './shared/typed']]),
  paths('JSON', 'data.json', [[SERVER, 10, './reached/data.json', './shared/data.json']]),
  paths('require', 'required.ts', [[SERVER, 13, './reached/required', './shared/required']]),
  paths('require inside try', 'guarded.ts', [[SERVER, 16, './reached/guarded', './shared/guarded']]),
  paths('import()', 'later.ts', [[SERVER, 20, './reached/later', './shared/later']]),
  paths('a mock', 'mocked.ts', [['web/src/server.test.ts', 2, './reached/mocked', './shared/mocked']]),
  way('import as', 'renamed', 2, 'kiosk.ways.renamed', 'kiosk.paths.renamed'),
  way('from package import module', 'whole', 6, 'kiosk.ways', 'kiosk.paths'),
  way('star', 'star', 7, 'kiosk.ways.star', 'kiosk.paths.star'),
  way('relative', 'relative', 8, '.ways.relative', '.paths.relative'),
  way('inside try', 'fast', 10, 'kiosk.ways.fast', 'kiosk.paths.fast'),
  way('inside except', 'slow', 12, 'kiosk.ways.slow', 'kiosk.paths.slow'),
  way('inside a function, relative', 'deferred', 14, '.ways', '.paths'),
  way('import_module', 'loaded', 16, 'kiosk.ways.loaded', 'kiosk.paths.loaded'),
  way('import_module, relative', 'loaded_near', 17, '.ways.loaded_near', '.paths.loaded_near'),
  way('__import__', 'dunder', 18, 'kiosk.ways.dunder', 'kiosk.paths.dunder'),
  ways('two levels up', 'kiosk/ways/twice.py', 'kiosk/paths/twice.py', [
    ['kiosk/ways/relative.py', 1, '..ways.twice', '..paths.twice'],
  ]),
  ways('nobody imports it; another name begins like it', 'kiosk/core/pool.py', 'kiosk/data/pool.py', []),
  named('a list of tasks', 'tasks', 'kiosk/worker.py', 2, 'kiosk.named.tasks', 'kiosk.known.tasks'),
  named('a task by its name', 'nightly', 'kiosk/worker.py', 3, 'kiosk.named.nightly', 'kiosk.known.nightly'),
  named('a logging configuration', 'logs', 'kiosk/settings.py', 2, 'kiosk.named.logs', 'kiosk.known.logs'),
  named('mock.patch', 'mail', 'tests/test_mail.py', 3, 'kiosk.named.mail', 'kiosk.known.mail'),
  named('Alembic', 'tables', 'migrations/env.py', 2, 'kiosk.named.tables', 'kiosk.known.tables'),
];
