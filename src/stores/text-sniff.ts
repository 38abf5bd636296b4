/**
 * Is this text file a store, that is rows, or one of the many settings, manifests, translations and schemas that are written
 * in the same formats? Looks at the name and the first kilobytes only. In doubt it is none.
 */
import { isUtf8 } from 'node:buffer';
import { unfinishedUtf8 } from './csv/decode.ts';
import { detectDialect, withoutBackupSuffix } from './csv/dialect.ts';
import { JsonError, JsonParser, MORE } from './json/parser.ts';

/** Looked at in JSON files. */
const JSON_HEAD = 64 * 1024;

/** `head`: the first bytes of the file (256 KB serve CSV best; all of a shorter file); `path`: relative to the project, `/`-separated. */
export function sniffText(head: Uint8Array, path: string): 'csv' | 'json' | 'jsonl' | null {
  if (isSettings(path)) return null;
  return sniffJson(head, path) ?? (detectDialect(head, path) === null ? null : 'csv');
}

const FOLDERS =
  /(^|\/)(\.[^/]+|node_modules|locales?|i18n|l10n|lang|langs|languages|translations?|_locales|messages|schemas?|drizzle\/meta|__snapshots__)\//i;
/** Names (without `.json`) that tools give to their settings and outputs. */
const NAMES =
  /^(package|package-lock|npm-shrinkwrap|composer|bower|lerna|nx|turbo|workspace|project|angular|biome|deno|jsr|vercel|now|netlify|firebase|wrangler|app|eas|expo|manifest|asset-manifest|.*-manifest|site|components|nodemon|renovate|launch|tasks|settings|extensions|config|conf|options|preferences|schema|openapi|swagger|api-docs|metadata|[jt]sconfig.*|.*[-.]lock|lock|.*[-.]?config(uration)?|.*\.conf|.*[-.]settings|.*[-.]schema|.*[-.](openapi|swagger|manifest|webmanifest|tmlanguage|postman_collection|postman_environment|code-snippets|tour|stories|d)|_journal|\d+_snapshot|babel|jest|cypress|tslint|eslint|prettier|stylelint|pyrightconfig|devcontainer|hosting|vetur|typedoc|api-extractor|stats|coverage.*|lcov.*|bundle-stats|report|appsettings.*|global|launchsettings|runtimeconfig.*|.*\.deps|.*\.runtimeconfig|pom|cmakepresets|vcpkg|fabric\.mod|pack|repl|crowdin|glossary|sw-precache|ngsw)$/i;

function isSettings(path: string): boolean {
  const name = withoutBackupSuffix(path.slice(path.lastIndexOf('/') + 1));
  if (name.startsWith('.') || FOLDERS.test(path)) return true;
  return /\.json$/i.test(name) && NAMES.test(name.slice(0, -5));
}

const JSON_LINES = /\.(jsonl|ndjson|jsonlines)$/i;
/** Suffixes under which programs keep JSON. */
const JSON_KEPT = /(\.(json|data|dat|db|store|state|txt)|\/[^./]+|^[^./]+)$/i;

function sniffJson(head: Uint8Array, path: string): 'json' | 'jsonl' | null {
  const name = withoutBackupSuffix(path);
  const lines = JSON_LINES.test(name);
  if (!lines && !JSON_KEPT.test(name)) return null;
  const bytes = head.subarray(0, JSON_HEAD);
  const start = bytes.subarray(0, bytes.length - unfinishedUtf8(bytes));
  const inUtf8 = isUtf8(start);
  if (!inUtf8 && lines) return 'jsonl';
  if (!inUtf8 && !/\.json$/i.test(name)) return null;
  const parser = new JsonParser();
  // In another encoding its structure reads the same; the reader refuses it then, and says so.
  const encoding = inUtf8 ? 'utf8' : start[0] === 0xff && start[1] === 0xfe ? 'utf16le' : 'latin1';
  parser.text = Buffer.from(start.buffer, start.byteOffset, start.byteLength)
    .toString(encoding)
    .replace(/^\ufeff/, '');
  parser.final = head.length < JSON_HEAD;
  try {
    const top = parser.peek();
    if (top === '[') return startsWithObjects(parser) ? 'json' : null;
    if (top !== '{') return null;
    return startsWithLines(parser, lines) ? 'jsonl' : /\.json$/i.test(name) && holdsRows(parser) ? 'json' : null;
  } catch (error) {
    if (error !== MORE && !(error instanceof JsonError)) throw error;
    // Named as rows and not readable: the reader says why, and it counts as not verified rather than as nothing.
    return lines ? 'jsonl' : null;
  }
}

/** `[{…}, {…}`: all that can be seen are objects with members. A head that ends within the first object serves. */
function startsWithObjects(parser: JsonParser): boolean {
  let objects = 0;
  try {
    for (const _ of parser.items()) {
      if (parser.peek() !== '{') return false;
      if (isGeometry(parser.members())) return false;
      objects++;
    }
  } catch (error) {
    if (error instanceof JsonError) return objects > 0;
    if (error !== MORE) throw error;
    return objects > 0 || !parser.final;
  }
  return objects > 0;
}

/** One object a line: two of them, or one where the name says so. */
function startsWithLines(parser: JsonParser, named: boolean): boolean {
  const start = parser.at;
  const lines = parser.text.split('\n').filter((line) => line.trim() !== '');
  parser.at = start;
  if (named) return lines[0]?.trimStart().startsWith('{') === true;
  const whole = lines.slice(0, 20);
  if (!parser.final && whole.length === lines.length) whole.pop();
  return whole.length >= 2 && whole.every(isObject);
}

function isObject(line: string): boolean {
  const parser = new JsonParser();
  parser.text = line;
  try {
    parser.members();
    return parser.peek() === '';
  } catch (error) {
    if (error === MORE || error instanceof JsonError) return false;
    throw error;
  }
}

/** Keys that records have and settings do not. */
const ROW_KEY =
  /^(_?id|uuid|guid|.*_(id|at|on|ts)|.*[a-z](Id|At|On)|key|ts|time|timestamp|date|datetime|created|updated|modified|email|username|user|sku|serial)$/;
/** Beside its rows an export says when and by whom it was made; more than that is a document. */
const MAX_OTHERS = 5;
const MIN_ROWS_WITHOUT_KEY = 5;
const MIN_KEYED = 3;
const MIN_KEYED_WITHOUT_KEY = 10;

/**
 * A top object that holds arrays of records, or is a map of records. Settings look alike (`overrides`, `icons`, `servers`), so
 * records must have a key that only records have, or come in numbers; and they must share their keys.
 */
function holdsRows(parser: JsonParser): boolean {
  const arrays: Keys[][] = [];
  const objects: Keys[] = [];
  let others = 0;
  let cut = false;
  try {
    for (const name of parser.keys()) {
      if (/^(\$schema|openapi|swagger|manifest_version|lockfileVersion|nbformat|mappings)$/.test(name)) return false;
      if (parser.peek() === '[') {
        const found: Keys[] = [];
        arrays.push(found);
        for (const _ of parser.items()) {
          if (parser.peek() === '{') found.push(keysOf(parser));
          else parser.cell();
        }
        if (found.length === 0) arrays.pop();
      } else if (parser.peek() === '{') objects.push(keysOf(parser));
      else {
        const value = parser.cell();
        if (name === 'type' && (value === 'FeatureCollection' || value === 'Topology')) return false;
        others++;
      }
    }
  } catch (error) {
    if (error !== MORE || parser.final) return false;
    cut = true;
  }
  if (arrays.length > 0)
    return (
      others + objects.length <= MAX_OTHERS && arrays.some((rows) => areRecords(rows, 1, MIN_ROWS_WITHOUT_KEY, cut))
    );
  return others === 0 && areRecords(objects, MIN_KEYED, MIN_KEYED_WITHOUT_KEY, false);
}

type Keys = readonly string[];

const keysOf = (parser: JsonParser): Keys => [...parser.members().keys()];

function areRecords(rows: readonly Keys[], least: number, leastWithoutKey: number, cut: boolean): boolean {
  const union = new Set(rows.flat());
  const cells = rows.reduce((sum, keys) => sum + keys.length, 0);
  if (rows.length < least || union.size < 2 || cells / (rows.length * union.size) < 0.6) return false;
  return [...union].some((key) => ROW_KEY.test(key)) || rows.length >= leastWithoutKey || (cut && rows.length >= 2);
}

function isGeometry(members: ReadonlyMap<string, unknown>): boolean {
  return members.get('type') === 'Feature' && members.has('geometry');
}
