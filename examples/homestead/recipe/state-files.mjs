/** The 244 files that the scene manager left in four days: one shape, no two alike, three of them in git by mistake. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'state/scene_manager';
const SCENES = ['morning', 'leaving', 'homework', 'evening', 'night'];
const FIRST = Date.parse('2025-09-17T05:30:00Z');
const EVERY = 23 * 60_000;

/** The ones that somebody added to git before there was a `.gitignore`. */
export const TRACKED = ['scene_0001.json', 'scene_0002.json', 'scene_0017.json'].map((name) => `${FOLDER}/${name}`);

/** Writes them; returns path and time of each. */
export function writeStateFiles(root) {
  mkdirSync(join(root, FOLDER), { recursive: true });
  return Array.from({ length: 244 }, (_, i) => {
    const path = `${FOLDER}/scene_${String(i + 1).padStart(4, '0')}.json`;
    const savedAt = new Date(FIRST + i * EVERY).toISOString();
    const content = {
      id: i + 1,
      scene: SCENES[i % SCENES.length],
      settings: { mode: i % 2 ? 'warm' : 'cool', brightness: String(10 + ((i * 7) % 90)) },
      status: i === 243 ? 'active' : 'replaced',
      saved_at: savedAt,
    };
    writeFileSync(join(root, path), `${JSON.stringify(content, null, 2)}\n`);
    return [path, savedAt];
  });
}
