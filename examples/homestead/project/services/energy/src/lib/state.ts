import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_DIR } from './settings.js';

/** Notes that a scene was set; one file each, and nobody ever removes one. */
export function keepState(scene: string, settings: Record<string, string>): string {
  const folder = join(STATE_DIR, 'scene_manager');
  mkdirSync(folder, { recursive: true });
  const number = readdirSync(folder).length + 1;
  const name = `scene_${String(number).padStart(4, '0')}.json`;
  const content = { id: number, scene, settings, status: 'active', saved_at: new Date().toISOString() };
  writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  return name;
}
