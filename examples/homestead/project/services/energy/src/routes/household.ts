import { ENERGY_DB, HUB_DB } from '../lib/settings.ts';
import { run } from '../lib/sqlite.js';
import type { Reply, Request } from '../types.ts';

/** kWh of a month for each person of the household. */
export function household(request: Request): Reply {
  const month = request.query.get('month') ?? '';
  const [used] = run(ENERGY_DB, "SELECT sum(kwh) AS kwh FROM readings WHERE read_at LIKE ? || '%'", [month]);
  const [living] = run(HUB_DB, "SELECT count(*) AS people FROM users WHERE role <> 'guest'");
  const people = Number(living.people);
  const kwh = Number(used.kwh ?? 0);
  return { status: 200, body: { people, kwh, each: people === 0 ? 0 : Math.round((kwh / people) * 1000) / 1000 } };
}
