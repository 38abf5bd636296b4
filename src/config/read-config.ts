/**
 * Reads `desprawl.yaml`. Every mistake is reported with line and column and what was probably meant; nothing unknown is
 * passed over, since a misspelt key would silently mean its default.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DesprawlError } from '../errors.ts';
import { clearestIssue } from './clearest-issue.ts';
import { type Config, DEFAULT_CONFIG } from './config.ts';
import { nearest } from './nearest.ts';
import { toConfig } from './to-config.ts';
import { sameFile } from './to-exports.ts';

export const CONFIG_NAME = 'desprawl.yaml';

/** A project folder that is missing or closed is reported as such by whoever looks into it. */
const NO_PROJECT = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENAMETOOLONG']);

/**
 * `file`: where the user says it is; otherwise `desprawl.yaml` of the project, which may be absent. `codes`: every finding
 * there is, asked for only where some are named. Throws `DSP-CONFIG-INVALID`.
 */
export async function readConfig(root: string, file: string | undefined, codes: Codes): Promise<Config> {
  const path = file ?? join(root, CONFIG_NAME);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (file === undefined && code !== undefined && NO_PROJECT.has(code)) return DEFAULT_CONFIG;
    const why = cause instanceof TypeError ? 'it is not UTF-8' : (cause as Error).message;
    throw new DesprawlError('DSP-CONFIG-INVALID', `${path} cannot be read: ${why}.`, { cause });
  }
  return parseConfig(text, file ?? CONFIG_NAME, codes);
}

type Codes = () => readonly string[] | Promise<readonly string[]>;

/** `name` is how errors call the file. Throws `DSP-CONFIG-INVALID`. */
export async function parseConfig(text: string, name: string, codes: Codes): Promise<Config> {
  // Most runs have no configuration: they do not wait for these two.
  const [{ LineCounter, parseDocument, isMap, isScalar }, { configSchema }] = await Promise.all([
    import('yaml'),
    import('./schema.ts'),
  ]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const fail = (offset: number, what: string, hint?: string): never => {
    const { line, col } = lines.linePos(offset);
    throw new DesprawlError(
      'DSP-CONFIG-INVALID',
      `${name}:${line}:${col}: ${what}`,
      hint === undefined ? {} : { hint },
    );
  };
  const [broken] = document.errors;
  if (broken !== undefined) fail(broken.pos[0], broken.message);
  if (document.contents === null) fail(0, 'the file is empty', 'Begin with `version: 1`, or run `desprawl init`.');

  /** Where a key or, without one, the deepest value of `path` stands. */
  const offsetOf = (path: readonly PropertyKey[], key?: string): number => {
    let node: unknown = document.contents;
    let offset = 0;
    for (const step of [...path, ...(key === undefined ? [] : [key])]) {
      const range = (node as { range?: readonly number[] } | null)?.range;
      offset = range?.[0] ?? offset;
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
        if (pair === undefined) return offset;
        offset = (pair.key as { range?: readonly number[] }).range?.[0] ?? offset;
        node = pair.value;
      } else {
        node = (node as { items?: readonly unknown[] } | null)?.items?.[Number(step)];
      }
    }
    if (key !== undefined) return offset;
    return (node as { range?: readonly number[] } | null)?.range?.[0] ?? offset;
  };

  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    fail(0, `it cannot be resolved: ${(error as Error).message}`);
  }
  const parsed = configSchema.safeParse(content);
  if (!parsed.success) {
    const { path, message, unknown } = clearestIssue(configSchema, parsed.error.issues);
    if (unknown !== undefined) {
      const { key, known } = unknown;
      const guess = nearest(key, known);
      const where = path.length === 0 ? '' : ` in ${path.join('.')}`;
      fail(
        offsetOf(path, key),
        `unknown key "${key}"${where}${guess === undefined ? '' : `; did you mean "${guess}"?`}`,
        `Known keys: ${known.join(', ')}.`,
      );
    }
    fail(offsetOf(path), `${path.join('.') || 'the file'}: ${message}`);
  }
  const file = configSchema.parse(content);
  const assertCode = async (code: string, path: readonly PropertyKey[], key?: string): Promise<void> => {
    const known = await codes();
    if (known.includes(code)) return;
    const guess = nearest(code, known);
    fail(
      offsetOf(path, key),
      `${path.slice(0, 2).join('.')}: no finding has the code "${code}"${guess === undefined ? '' : `; did you mean "${guess}"?`}`,
      'Run `desprawl explain` to list all codes.',
    );
  };
  for (const [i, code] of (file.audit?.disable ?? []).entries()) await assertCode(code, ['audit', 'disable', i]);
  for (const code of Object.keys(file.targets?.findings ?? {})) await assertCode(code, ['targets', 'findings'], code);
  const config = toConfig(file);
  const [one, other] = sameFile(config.exports) ?? [];
  if (other !== undefined) {
    fail(
      offsetOf(['exports'], other),
      `exports.${other}: it would be the same file as ${one}`,
      'Give one of them another `file:`.',
    );
  }
  return config;
}
