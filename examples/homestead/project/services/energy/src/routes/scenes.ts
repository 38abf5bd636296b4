import { join } from 'node:path';
import { readCsv } from '../lib/csv.js';
import { EXPORTS_DIR } from '../lib/settings.js';
import { keepState } from '../lib/state.ts';
import type { Reply, Request } from '../types.ts';

const SCENES: string = join(EXPORTS_DIR, 'scenes.csv');

/** Scenes for the switches on the wall, straight from the export. */
export function scenes(): Reply {
  return { status: 200, body: readCsv(SCENES).map((row) => ({ name: row.name, mode: row.mode })) };
}

/** Sets a scene. */
export function setScene(request: Request): Reply {
  const found = readCsv(SCENES).find((row) => row.name === request.body.name);
  if (!found) return { status: 404, body: { error: 'no such scene' } };
  return { status: 200, body: { state: keepState(found.name, { mode: found.mode, brightness: found.brightness }) } };
}
