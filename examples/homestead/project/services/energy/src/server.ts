import { parseArgs } from 'node:util';
import { run } from '@lib/sqlite';
import { ENERGY_DB } from './lib/settings.ts';
import { router } from './router.ts';
import { household } from './routes/household.ts';
import { scenes, setScene } from './routes/scenes.ts';
import { addReading, totals } from './routes/totals.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '8300' } } });
const app = router();

app.get('/health', () => ({ status: 200, body: { ok: true, meters: run(ENERGY_DB, 'SELECT id FROM meters').length } }));
app.get('/api/totals', totals);
app.post('/api/readings', addReading);
app.get('/api/household', household);
app.get('/api/scenes', scenes);
app.post('/api/scenes/set', setScene);

app.listen(Number(values.port), (server) => {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : values.port;
  console.log(`energy listening on http://127.0.0.1:${port}`);
});
