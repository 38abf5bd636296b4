import { join } from 'node:path';

/** The household's main store; read only for the number of people. */
export const HUB_DB: string = process.env.HUB_DB ?? 'data/hub.db';

/** Meters, tariffs and readings. Nobody else writes here. */
export const ENERGY_DB: string = process.env.ENERGY_DB ?? join('data', 'energy.db');

export const EXPORTS_DIR: string = process.env.EXPORTS_DIR ?? 'exports';
export const STATE_DIR: string = process.env.STATE_DIR ?? 'state';
