// Lets Node run this project's TypeScript without an install: `node --import ./tools/ts.mjs FILE.ts`.
import { register } from 'node:module';

register('./ts-hooks.mjs', import.meta.url);
