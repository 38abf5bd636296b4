/**
 * Imports of TypeScript and JavaScript to files, as the compiler, Node and the bundlers find them: relative paths, `paths`
 * and `baseUrl` of the nearest tsconfig, `#` imports, workspaces, aliases of bundlers. Nothing outside the project is looked
 * at: a package that is none of ours is external, installed or not.
 */
import { builtinModules } from 'node:module';
import type { ImportFact } from '../facts.ts';
import type { Resolution, Resolver, SourceTree } from '../resolve.ts';
import { bundlerAliases } from './bundler-aliases.ts';
import { lacks } from './exported-names.ts';
import { type FoundFile, fileSearch, isTypescript } from './file-search.ts';
import { packageEntries, packageImports, unbuilt } from './package-entries.ts';
import { openPackages } from './packages.ts';
import { folderOf, joined, within } from './path-of.ts';
import { perhapsMeant } from './perhaps-meant.ts';
import { openTsConfigs, type PathPattern } from './tsconfig.ts';

const BUILTIN: ReadonlySet<string> = new Set(builtinModules);
/** `node:fs`, `bun:sqlite`, `https://…`, `virtual:pwa`, `data:…`. */
const SCHEME = /^[a-z][a-z\d+.-]*:/i;
/** What k6 runs a script with, whatever is called so in the project. */
const PROVIDED = /^k6(?:\/|$)/;

/** Where a specifier leads, whatever is taken from it. */
type Found =
  | { readonly is: 'file'; readonly found: FoundFile; readonly qualified?: string }
  | { readonly is: 'external'; readonly qualified: string }
  | { readonly is: 'missing'; readonly why: string; readonly wanted: string };

export function typescriptResolver(tree: SourceTree): Resolver {
  const packages = openPackages(tree);
  const configs = openTsConfigs(tree, packages);
  const aliases = bundlerAliases(tree);
  const search = fileSearch(tree, packages);
  const perhaps = perhapsMeant(tree.paths);
  /** By folder and language of the importing file, then by specifier. */
  const known = new Map<string, Map<string, Resolution>>();

  const resolver: Resolver = {
    resolve(from, fact) {
      if (fact.module === null) return { status: 'computed' };
      const typed = isTypescript(from);
      const folder = folderOf(from);
      const key = typed ? folder : `${folder}\0`;
      let resolutions = known.get(key);
      if (resolutions === undefined) {
        resolutions = new Map();
        known.set(key, resolutions);
      }
      let resolution = resolutions.get(fact.module);
      if (resolution === undefined) {
        resolution = asResolution(locate(folder, fact.module, typed));
        resolutions.set(fact.module, resolution);
      }
      if (resolution.file === undefined || fact.names.length === 0) return resolution;
      const missingNames = missingOf(resolution.file, fact);
      return missingNames.length === 0 ? resolution : { ...resolution, missingNames };
    },
  };
  return resolver;

  function missingOf(file: string, { names, kind }: ImportFact): readonly string[] {
    const facts = tree.facts.get(file);
    if (facts === undefined || facts.language !== 'typescript' || kind === 'text') return [];
    const missing: string[] = [];
    for (const { name } of names)
      if (name !== '*' && !facts.exports.some((each) => each.name === name) && lacks(tree, resolver, file, name))
        missing.push(name);
    return missing;
  }

  function asResolution(found: Found): Resolution {
    if (found.is === 'external') return { status: 'external', qualified: found.qualified };
    if (found.is === 'missing') {
      const meant = perhaps(found.wanted);
      return { status: 'missing', why: found.why, ...(meant.length === 0 ? {} : { perhaps: meant }) };
    }
    const { file, also } = found.found;
    return {
      status: 'project',
      file,
      ...(also === undefined ? {} : { also }),
      ...(found.qualified === undefined ? {} : { qualified: found.qualified }),
    };
  }

  function locate(folder: string, spelled: string, typed: boolean): Found {
    // What loaders are told stands around the path: `raw-loader!./x`, `./x.svg?url`.
    const asked = spelled.indexOf('?', 1);
    const path = asked < 0 ? spelled : spelled.slice(0, asked);
    const specifier = path.slice(path.lastIndexOf('!') + 1);
    if (/^\.{1,2}(?:\/|$)/.test(specifier)) return relative(folder, specifier, typed);
    if (BUILTIN.has(specifier) || SCHEME.test(specifier) || PROVIDED.test(specifier))
      return { is: 'external', qualified: specifier };
    if (specifier.startsWith('#')) {
      const found = ownImport(folder, specifier, typed);
      if (found !== undefined) return found;
    }
    const options = configs.around(folder);
    const mapped = throughPatterns(options?.paths ?? [], specifier, typed);
    if (mapped !== undefined && mapped.is === 'file') return mapped;
    if (options?.baseUrl !== undefined && !specifier.startsWith('/')) {
      const found = search.find(within(options.baseUrl, specifier), typed);
      if (found !== undefined) return { is: 'file', found };
    }
    const aliased = throughPatterns(aliases(folder), specifier, typed);
    if (aliased !== undefined && aliased.is === 'file') return aliased;
    const workspace = inWorkspace(folder, specifier, typed);
    if (workspace !== undefined) return workspace;
    if (specifier.startsWith('/')) return fromRoot(folder, specifier, typed);
    const unmapped = aliased ?? mapped;
    const problem = options?.problems[0];
    if (unmapped !== undefined && !packages.depends(folder, packageName(specifier))) return because(unmapped, problem);
    return bare(folder, specifier, typed, problem);
  }

  function relative(folder: string, specifier: string, typed: boolean): Found {
    const path = joined(folder, specifier);
    const wanted = specifier.replace(/^(?:\.{1,2}\/)+/, '');
    if (path === undefined) return { is: 'missing', why: 'leads out of the project', wanted };
    // `./` with a slash at its end, `.` and `..` are folders, whatever file has that name.
    const found = search.find(path, typed) ?? virtual(folder, path, typed);
    if (found !== undefined) return { is: 'file', found };
    for (const source of unbuilt(path)) {
      // Run from what is built: `../dist/db.js` where only sources are here.
      const built = source === path ? undefined : search.find(source, typed);
      if (built !== undefined) return { is: 'file', found: built };
    }
    return { is: 'missing', why: `no ${path} here, with any suffix`, wanted: path };
  }

  /** `rootDirs`: folders that are one when compiled. */
  function virtual(folder: string, path: string, typed: boolean): FoundFile | undefined {
    const roots = configs.around(folder)?.rootDirs ?? [];
    const root = roots.find((each) => path === each || path.startsWith(`${each}/`));
    if (root === undefined) return undefined;
    for (const other of roots) {
      const found = other === root ? undefined : search.find(within(other, path.slice(root.length + 1)), typed);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Undefined: no pattern fits. Missing: the first that does leads nowhere (no other one is tried, as in the compiler). */
  function throughPatterns(patterns: readonly PathPattern[], specifier: string, typed: boolean): Found | undefined {
    for (const { head, tail, targets } of patterns) {
      let star = '';
      if (tail === undefined) {
        if (specifier !== head) continue;
      } else {
        const fits =
          specifier.length >= head.length + tail.length && specifier.startsWith(head) && specifier.endsWith(tail);
        if (!fits) continue;
        star = specifier.slice(head.length, specifier.length - tail.length);
      }
      for (const target of targets) {
        const path = joined('', tail === undefined ? target : target.replace('*', () => star));
        const found = path === undefined ? undefined : search.find(path, typed);
        if (found !== undefined) return { is: 'file', found };
      }
      // `*` alone means everything and says nothing of this name.
      if (head === '') return undefined;
      const pattern = `${head}${tail === undefined ? '' : `*${tail}`}`;
      const why = `${pattern} leads to ${targets.join(', ') || 'nothing'}: not there`;
      return { is: 'missing', why, wanted: star === '' ? specifier : star };
    }
    return undefined;
  }

  /** `#db` by the `imports` of the package around. */
  function ownImport(folder: string, specifier: string, typed: boolean): Found | undefined {
    const manifest = packages.around(folder);
    const targets = manifest === undefined ? undefined : packageImports(manifest, specifier);
    if (manifest === undefined || targets === undefined) return undefined;
    for (const target of targets) {
      if (target.startsWith('#')) continue;
      if (!target.startsWith('.')) return locate(folder, target, typed);
      for (const each of unbuilt(target)) {
        const path = joined(manifest.folder, each);
        const found = path === undefined ? undefined : search.find(path, typed);
        if (found !== undefined) return { is: 'file', found };
      }
    }
    return {
      is: 'missing',
      why: `imports of package.json: ${targets.join(', ')} is not there`,
      wanted: targets[0] ?? specifier,
    };
  }

  function inWorkspace(folder: string, specifier: string, typed: boolean): Found | undefined {
    const name = packageName(specifier);
    const manifest = packages.named(name);
    if (manifest === undefined) return undefined;
    const subpath = specifier.slice(name.length + 1);
    for (const entry of packageEntries(manifest, subpath)) {
      const path = joined(manifest.folder, entry);
      const found = path === undefined ? undefined : search.find(path, typed);
      if (found !== undefined) return { is: 'file', found, qualified: specifier };
    }
    // Nothing said, or what is said is built later.
    for (const each of subpath === '' ? [manifest.folder, within(manifest.folder, 'src')] : []) {
      const found = search.find(each, typed);
      if (found !== undefined) return { is: 'file', found, qualified: specifier };
    }
    // A package that depends on one of its own name means the published one.
    if (packages.around(folder) === manifest && packages.depends(manifest.folder, name)) return undefined;
    return {
      is: 'missing',
      why: `${within(manifest.folder, 'package.json')} names no file that is here`,
      wanted: subpath === '' ? 'index' : subpath,
    };
  }

  /** `/src/main.ts`: from the root that a dev server serves. */
  function fromRoot(folder: string, specifier: string, typed: boolean): Found {
    const own = packages.around(folder)?.folder ?? '';
    for (const root of [own, within(own, 'public'), '', 'public']) {
      const path = joined(root, `.${specifier}`);
      const found = path === undefined ? undefined : search.find(path, typed);
      if (found !== undefined) return { is: 'file', found };
    }
    return { is: 'external', qualified: specifier };
  }

  /** A name without any sign of where it is: a package, unless it begins as a folder of ours does. */
  function bare(folder: string, specifier: string, typed: boolean, problem: string | undefined): Found {
    const own = packages.around(folder)?.folder ?? '';
    const rest = /^[@~]\/(.+)$/.exec(specifier)?.[1];
    if (rest !== undefined) {
      // No package is called so; where nothing says what it stands for, it is the sources' folder or the root.
      for (const root of [within(own, 'src'), own, within(own, 'app'), 'src', '']) {
        const found = search.find(within(root, rest), typed);
        if (found !== undefined) return { is: 'file', found };
      }
      return because({ is: 'missing', why: 'no settings say what this alias stands for', wanted: rest }, problem);
    }
    const first = specifier.slice(0, (specifier.indexOf('/') + 1 || specifier.length + 1) - 1);
    if (
      specifier.includes('/') &&
      !specifier.startsWith('@') &&
      tree.folders.has(within(own, first)) &&
      !packages.depends(folder, first)
    ) {
      const found = search.find(within(own, specifier), typed);
      if (found !== undefined) return { is: 'file', found };
      if (first === 'src')
        return because(
          { is: 'missing', why: `no ${within(own, specifier)} here, with any suffix`, wanted: specifier },
          problem,
        );
    }
    return { is: 'external', qualified: specifier };
  }
}

function because(found: Found, problem: string | undefined): Found {
  return found.is === 'missing' && problem !== undefined ? { ...found, why: `${found.why}; ${problem}` } : found;
}

/** `@scope/name/sub` → `@scope/name`. */
function packageName(specifier: string): string {
  const slash = specifier.indexOf('/', specifier.startsWith('@') ? specifier.indexOf('/') + 1 || specifier.length : 0);
  return slash < 0 ? specifier : specifier.slice(0, slash);
}
