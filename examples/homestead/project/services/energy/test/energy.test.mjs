import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const sandbox = mkdtempSync(join(tmpdir(), 'homestead-energy-'));
let service;
let base;

/** The service, started in a folder that holds copies of what it reads and writes. */
before(async () => {
  for (const folder of ['data', 'exports', 'state']) {
    if (existsSync(join(root, folder))) cpSync(join(root, folder), join(sandbox, folder), { recursive: true });
  }
  const env = { ...process.env, ENERGY_DB: undefined, HUB_DB: undefined, EXPORTS_DIR: undefined, STATE_DIR: undefined };
  const args = ['--import', join(root, 'tools/ts.mjs'), join(root, 'services/energy/src/server.ts'), '--port', '0'];
  service = spawn(process.execPath, args, { cwd: sandbox, env, stdio: ['ignore', 'pipe', 'inherit'] });
  base = await new Promise((resolve, reject) => {
    let text = '';
    service.stdout.on('data', (part) => {
      text += part;
      const found = /http:\S+/.exec(text);
      if (found) resolve(found[0]);
    });
    service.on('exit', (code) => reject(new Error(`the service ended with ${code}`)));
  });
});

after(() => {
  service?.kill();
  rmSync(sandbox, { recursive: true, force: true });
});

const get = async (path) => (await fetch(base + path)).json();
const post = (path, body) => fetch(base + path, { method: 'POST', body: JSON.stringify(body) });

test('the energy of a month is told per meter', async () => {
  assert.deepEqual(await get('/api/totals?month=2025-10'), [
    { meter: 'heat pump', month: '2025-10', kwh: 217.5 },
    { meter: 'house', month: '2025-10', kwh: 264 },
    { meter: 'solar', month: '2025-10', kwh: 140 },
  ]);
});

test('a month that is none is refused', async () => {
  assert.equal((await fetch(`${base}/api/totals?month=October`)).status, 400);
});

test('a reading is added once, and only for a meter that is there', async () => {
  const reading = { meter: 'house', read_at: '2025-12-01', kwh: 7.25 };
  assert.equal((await post('/api/readings', reading)).status, 201);
  assert.equal((await post('/api/readings', reading)).status, 400);
  assert.equal((await post('/api/readings', { ...reading, meter: 'sauna' })).status, 404);
  assert.deepEqual(await get('/api/totals?month=2025-12'), [{ meter: 'house', month: '2025-12', kwh: 7.25 }]);
});

test('the energy of a month is shared among the household', async () => {
  const { people, kwh, each } = await get('/api/household?month=2025-10');
  assert.ok(people >= 5);
  assert.equal(kwh, 621.5);
  assert.ok(Math.abs(each * people - kwh) < 0.01);
});

test('scenes come from the export, and setting one leaves a state file', async () => {
  const names = (await get('/api/scenes')).map((scene) => scene.name);
  assert.ok(names.includes('evening'));
  const files = () => {
    const folder = join(sandbox, 'state/scene_manager');
    return existsSync(folder) ? readdirSync(folder).length : 0;
  };
  const earlier = files();
  assert.equal((await post('/api/scenes/set', { name: 'evening' })).status, 200);
  assert.equal(files(), earlier + 1);
  assert.equal((await post('/api/scenes/set', { name: 'disco' })).status, 404);
});
