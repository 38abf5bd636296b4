/** What tsconfig.json and jsconfig.json say about modules: `paths`, `baseUrl`, `rootDirs`, through `extends` and `references`. */
import { parseJsonc } from '../json/jsonc.ts';
import type { SourceTree } from '../resolve.ts';
import { isRecord, type Packages } from './packages.ts';
import { folderOf, joined, upwards, within } from './path-of.ts';

export interface ModuleOptions {
  /** Patterns and where they lead, relative to the project. */
  readonly paths: readonly PathPattern[];
  readonly baseUrl?: string;
  readonly rootDirs: readonly string[];
  /** What could not be followed: loops, files that are not there. */
  readonly problems: readonly string[];
}

export interface PathPattern {
  readonly head: string;
  /** What follows the star; undefined: there is none, the whole name has to fit. */
  readonly tail: string | undefined;
  readonly targets: readonly string[];
}

interface Raw {
  paths?: { readonly map: Readonly<Record<string, unknown>>; readonly folder: string };
  baseUrl?: string;
  rootDirs?: readonly string[];
}

const MOST_CONFIGS = 40;

export interface TsConfigs {
  /** Options in force for the files of a folder. */
  around(folder: string): ModuleOptions | undefined;
}

export function openTsConfigs(tree: SourceTree, packages: Packages): TsConfigs {
  const byFolder = new Map<string, ModuleOptions | undefined>();
  const parsed = new Map<string, Readonly<Record<string, unknown>> | undefined>();

  function fieldsOf(path: string): Readonly<Record<string, unknown>> | undefined {
    if (parsed.has(path)) return parsed.get(path);
    const text = tree.paths.has(path) ? tree.readText(path) : undefined;
    const value = text === undefined ? undefined : parseJsonc(text).value;
    const fields = isRecord(value) ? value : undefined;
    parsed.set(path, fields);
    return fields;
  }

  /** The file that `extends` or a reference names, seen from a config. */
  function located(from: string, spelled: string): string | undefined {
    if (/^\.{0,2}\//.test(spelled) || spelled === '.' || spelled === '..') {
      const path = joined(folderOf(from), spelled);
      if (path === undefined) return undefined;
      return [path, `${path}.json`, within(path, 'tsconfig.json')].find((each) => tree.paths.has(each));
    }
    const segments = spelled.split('/');
    const name = segments.slice(0, spelled.startsWith('@') ? 2 : 1).join('/');
    const folder = packages.named(name)?.folder;
    if (folder === undefined) return undefined;
    const rest = segments.slice(spelled.startsWith('@') ? 2 : 1).join('/') || 'tsconfig.json';
    const path = within(folder, rest);
    return [path, `${path}.json`].find((each) => tree.paths.has(each));
  }

  /** Options of a config over those that it extends. `chain`: the configs that led here. */
  function read(path: string, chain: readonly string[], problems: string[], budget: { left: number }): Raw {
    const fields = fieldsOf(path);
    if (fields === undefined || budget.left-- <= 0) return {};
    const raw: Raw = {};
    const given = fields.extends;
    for (const spelled of (Array.isArray(given) ? given : [given]).slice(0, MOST_CONFIGS)) {
      if (typeof spelled !== 'string') continue;
      const base = located(path, spelled);
      if (base === undefined) {
        if (spelled.startsWith('.')) problems.push(`${path} extends ${spelled}, which is not there`);
      } else if (base === path || chain.includes(base))
        problems.push(`${[...chain, path, base].join(' → ')} is a circle of extends`);
      else Object.assign(raw, read(base, [...chain, path], problems, budget));
    }
    const options = fields.compilerOptions;
    if (!isRecord(options)) return raw;
    const folder = folderOf(path);
    if (typeof options.baseUrl === 'string') {
      const base = joined(folder, placed(options.baseUrl));
      if (base !== undefined) raw.baseUrl = base;
    }
    if (isRecord(options.paths)) raw.paths = { map: options.paths, folder };
    if (Array.isArray(options.rootDirs))
      raw.rootDirs = options.rootDirs.flatMap((each) =>
        typeof each === 'string' ? (joined(folder, placed(each)) ?? []) : [],
      );
    return raw;
  }

  function optionsOf(path: string): ModuleOptions {
    const problems: string[] = [];
    const budget = { left: MOST_CONFIGS };
    const raws = [read(path, [], problems, budget)];
    // Vite's template: the file that editors look for only refers to those that say something.
    const references = fieldsOf(path)?.references;
    if (Array.isArray(references))
      for (const reference of references.slice(0, MOST_CONFIGS)) {
        const spelled: unknown = isRecord(reference) ? reference.path : undefined;
        const target =
          typeof spelled === 'string'
            ? located(path, /^\.{0,2}\//.test(spelled) ? spelled : `./${spelled}`)
            : undefined;
        // A reference to another folder has files of its own.
        if (target !== undefined && target !== path && folderOf(target) === folderOf(path))
          raws.push(read(target, [path], problems, budget));
      }
    const patterns: PathPattern[] = [];
    let baseUrl: string | undefined;
    const rootDirs: string[] = [];
    for (const raw of raws) {
      baseUrl ??= raw.baseUrl;
      rootDirs.push(...(raw.rootDirs ?? []));
      if (raw.paths === undefined) continue;
      const base = raw.baseUrl ?? raw.paths.folder;
      for (const [pattern, value] of Object.entries(raw.paths.map)) {
        const star = pattern.indexOf('*');
        const targets = (Array.isArray(value) ? value : []).flatMap((target) =>
          typeof target === 'string' ? (joined(base, placed(target)) ?? []) : [],
        );
        patterns.push(
          star < 0
            ? { head: pattern, tail: undefined, targets }
            : { head: pattern.slice(0, star), tail: pattern.slice(star + 1), targets },
        );
      }
    }
    // An exact name first, then the longest head.
    patterns.sort(
      (x, y) => Number(x.tail !== undefined) - Number(y.tail !== undefined) || y.head.length - x.head.length,
    );
    return { paths: patterns, rootDirs, problems, ...(baseUrl === undefined ? {} : { baseUrl }) };
  }

  return {
    around(folder) {
      if (byFolder.has(folder)) return byFolder.get(folder);
      let found: ModuleOptions | undefined;
      for (const each of upwards(folder)) {
        const path = [within(each, 'tsconfig.json'), within(each, 'jsconfig.json')].find((name) =>
          tree.paths.has(name),
        );
        if (path !== undefined) {
          found = byFolder.get(each) ?? optionsOf(path);
          byFolder.set(each, found);
          break;
        }
      }
      byFolder.set(folder, found);
      return found;
    },
  };
}

/** `${configDir}/src` is written where a base is shared; an absolute path is none of ours. */
function placed(path: string): string {
  return path.replace(/^\$\{configDir\}\/?/, './');
}
