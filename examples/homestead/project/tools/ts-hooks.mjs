// Node's module hooks: `@lib/…` as tsconfig.json says, `./x.js` for `./x.ts`, types erased on loading.
import { existsSync, readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import { eraseTypes } from './erase-types.mjs';

const LIB = new URL('../services/energy/src/lib/', import.meta.url);
const erase = nodeModule.stripTypeScriptTypes ?? eraseTypes;

export async function resolve(specifier, context, next) {
  const alias = specifier.startsWith('@lib/') ? new URL(`${specifier.slice('@lib/'.length)}.ts`, LIB).href : specifier;
  if (/^\.{1,2}\//.test(alias) && alias.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
    const typed = new URL(alias.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(typed)) return next(typed.href, context);
  }
  return next(alias, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const source = erase(readFileSync(fileURLToPath(url), 'utf8'));
  return { format: 'module', source, shortCircuit: true };
}
