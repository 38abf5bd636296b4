import { ENERGY_DB } from '@lib/settings';
import { run } from '@lib/sqlite';
import type { Reply, Request, Total } from '../types.ts';

/** kWh per meter in one month (`?month=2025-09`). */
export function totals(request: Request): Reply {
  const month = request.query.get('month') ?? '';
  if (!/^\d{4}-\d{2}$/.test(month)) return { status: 400, body: { error: 'say ?month=YYYY-MM' } };
  const rows = run(
    ENERGY_DB,
    `SELECT meters.name AS meter, round(sum(readings.kwh), 3) AS kwh
     FROM readings JOIN meters ON meters.id = readings.meter_id
     WHERE readings.read_at LIKE ? || '%'
     GROUP BY meters.id
     ORDER BY meters.name`,
    [month],
  );
  const body: Total[] = rows.map((row) => ({ meter: String(row.meter), month, kwh: Number(row.kwh) }));
  return { status: 200, body };
}

/** Adds a reading; the store refuses a meter that it does not know. */
export function addReading(request: Request): Reply {
  const { meter, read_at, kwh } = request.body;
  const known = run(ENERGY_DB, 'SELECT id FROM meters WHERE name = ?', [String(meter)]);
  if (known.length === 0) return { status: 404, body: { error: `no meter ${meter}` } };
  run(ENERGY_DB, 'INSERT INTO readings (meter_id, read_at, kwh) VALUES (?, ?, ?)', [
    Number(known[0].id),
    String(read_at),
    Number(kwh),
  ]);
  return { status: 201, body: { meter, read_at, kwh } };
}
