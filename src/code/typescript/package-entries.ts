/** Which of a package's files a name of it means: `exports`, `imports`, `main` and what they were built from. */
import { isRecord, type Manifest } from './packages.ts';

/** Conditions that may hold, the one that names sources first. Which one does is decided at run time; each is tried. */
const CONDITIONS = [
  'source',
  'development',
  'bun',
  'import',
  'module',
  'node',
  'require',
  'default',
  'browser',
  'types',
  'typings',
];
const MOST_TARGETS = 40;

/** Targets of a value of `exports` or `imports`, whatever condition leads to them. */
function targets(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (depth > 8) return [];
  if (Array.isArray(value)) return value.slice(0, MOST_TARGETS).flatMap((each) => targets(each, depth + 1));
  if (!isRecord(value)) return [];
  const known = CONDITIONS.filter((condition) => condition in value);
  const others = Object.keys(value).filter((condition) => !CONDITIONS.includes(condition));
  return [...known, ...others].flatMap((condition) => targets(value[condition], depth + 1)).slice(0, MOST_TARGETS);
}

/** `key` in a map of patterns: an exact one, else the longest with a star that fits. */
export function matched(map: Readonly<Record<string, unknown>>, key: string): readonly string[] | undefined {
  if (key in map && !key.includes('*')) return targets(map[key]);
  let best: { readonly pattern: string; readonly star: string } | undefined;
  for (const pattern of Object.keys(map)) {
    const at = pattern.indexOf('*');
    const [head, tail] =
      at < 0 ? [pattern.endsWith('/') ? pattern : undefined, ''] : [pattern.slice(0, at), pattern.slice(at + 1)];
    if (head === undefined || key.length < head.length + tail.length || !key.startsWith(head) || !key.endsWith(tail))
      continue;
    if (best === undefined || head.length > best.pattern.length)
      best = { pattern, star: key.slice(head.length, key.length - tail.length) };
  }
  if (best === undefined) return undefined;
  const { pattern, star } = best;
  // `"./features/": "./src/features/"` is the old way to write a star at the end.
  return targets(map[pattern]).map((target) => (pattern.endsWith('/') ? target + star : target.replaceAll('*', star)));
}

/** Folders that builds go to, and where their sources lie. */
const BUILT = /^(?:dist|build|lib|out|output|es|esm|cjs|dist-\w+|\.output|types|typings)\//;

/** `dist/index.js` is built from `src/index.ts`: the search then finds the suffix. */
export function unbuilt(target: string): readonly string[] {
  const plain = target.replace(/^\.\//, '');
  const stem = plain.replace(/\.(?:d\.)?[cm]?[jt]sx?$/, '');
  const made = [plain];
  let rest = stem;
  for (let count = 0; count < 3 && BUILT.test(rest); count++) {
    rest = rest.replace(BUILT, '');
    made.push(rest.startsWith('src/') ? rest : `src/${rest}`, rest);
  }
  return made;
}

/** Candidates for `subpath` of a package ('' for its entry), relative to its folder, best first. */
export function packageEntries(manifest: Manifest, subpath: string): readonly string[] {
  const { fields } = manifest;
  const { exports } = fields;
  const found: string[] = [];
  if (exports !== undefined && exports !== null) {
    const map =
      isRecord(exports) && Object.keys(exports).some((key) => key.startsWith('.')) ? exports : { '.': exports };
    found.push(...(matched(map, subpath === '' ? '.' : `./${subpath}`) ?? []));
  }
  if (subpath !== '') return [...found.flatMap(unbuilt), subpath, `src/${subpath}`];
  for (const field of ['source', 'module', 'main', 'browser', 'types', 'typings']) {
    const value = fields[field];
    if (typeof value === 'string' && value !== '' && value !== '.' && value !== './') found.push(value);
  }
  return found.flatMap(unbuilt).filter((entry) => entry !== '');
}

/** Candidates for `#name` by the `imports` of a package; undefined where it has none that fits. */
export function packageImports(manifest: Manifest, name: string): readonly string[] | undefined {
  const { imports } = manifest.fields;
  return isRecord(imports) ? matched(imports, name) : undefined;
}
