/**
 * Which files an import could mean whose name is put together at run time: `import_module(f"plugins.{x}")`,
 * `import('./plugins/' + x)`, `import.meta.glob('./x/*.ts')`. Generous: a file that could be meant is needed.
 */
import { posix } from 'node:path';
import type { ImportFact, LanguageId } from '../facts.ts';
import type { Resolver, SourceTree } from '../resolve.ts';
import { globRegExp } from './glob.ts';
import { readWrittenName, type WrittenName } from './written-name.ts';

export interface Computed {
  /** Ordered by path; empty where nothing tells. */
  filesOf(from: string, fact: ImportFact, language: LanguageId): readonly string[];
  /** Files that a glob beside `from` matches. */
  matching(from: string, glob: string): readonly string[];
}

const CODE: Readonly<Partial<Record<LanguageId, RegExp>>> = {
  python: /\.pyw?$/,
  typescript: /\.[cm]?[jt]sx?$/,
  php: /\.(?:php|inc|phtml)$/,
};
/** Longer expressions are not read. */
const REACH = 400;
const SEARCHES = /\b(?:iter_modules|walk_packages|listdir|scandir|iterdir|glob|readdir(?:Sync)?)\b/;

export function createComputed(tree: SourceTree, resolvers: (language: LanguageId) => Resolver | undefined): Computed {
  let sorted: readonly string[] | undefined;
  const below = (folder: string, code: RegExp): readonly string[] => {
    sorted ??= [...tree.paths].sort();
    return sorted.filter((path) => (folder === '' || path.startsWith(`${folder}/`)) && code.test(path));
  };
  /** Folders that a written folder may be: as resolved, else any that ends so. */
  const folders = (written: string): readonly string[] => {
    if (tree.folders.has(written)) return [written];
    const end = `/${written}`;
    return [...tree.folders].filter((folder) => folder.endsWith(end));
  };

  const python = (from: string, { before, ownPackage }: WrittenName, fact: ImportFact): readonly string[] => {
    const code = CODE.python as RegExp;
    const own = folderOf(from);
    const dots = ownPackage ? 1 : (/^\.*/.exec(before)?.[0].length ?? 0);
    const dotted = before.replace(/^\.+/, '');
    const cut = dotted.lastIndexOf('.');
    const packageName = cut < 0 ? '' : dotted.slice(0, cut);
    const start = cut < 0 ? dotted : dotted.slice(cut + 1);
    let bases: readonly string[];
    if (dots > 0) {
      let folder = own;
      for (let i = 1; i < dots; i++) folder = folderOf(folder);
      bases = [posix.join(folder, packageName.replaceAll('.', '/'))].map((path) => (path === '.' ? '' : path));
    } else if (packageName === '') {
      if (start === '') return [];
      bases = [own, ''];
    } else {
      const asked: ImportFact = { ...fact, module: packageName, names: [] };
      const file = resolvers('python')?.resolve(from, asked).file;
      bases = file === undefined ? folders(packageName.replaceAll('.', '/')) : [folderOf(file)];
    }
    return unique(bases.flatMap((base) => below(base, code).filter((path) => stands(path, base, start))));
  };

  const paths = (from: string, { before, after }: WrittenName, code: RegExp): readonly string[] => {
    const cut = before.lastIndexOf('/');
    if (cut < 0) return [];
    const start = before.slice(cut + 1);
    const written = before.slice(0, cut);
    const bases = /^\.{1,2}(?:\/|$)/.test(written)
      ? [within(folderOf(from), written)]
      : folders(written.replace(/^[@~#]?\//, ''));
    const suffix = /\.(?:[cm]?[jt]sx?|php)$/.test(after) ? '' : (/\.\w+$/.exec(after)?.[0] ?? '');
    const wanted = suffix === '' ? code : new RegExp(`\\${suffix}$`);
    return unique(bases.flatMap((base) => below(base, wanted).filter((path) => stands(path, base, start))));
  };

  return {
    filesOf(from, fact, language) {
      const code = CODE[language];
      const text = code === undefined ? undefined : tree.readText(from);
      if (code === undefined || text === undefined) return [];
      const written = readWrittenName(text.slice(fact.at[0], fact.at[0] + REACH));
      const found = language === 'python' ? python(from, written, fact) : paths(from, written, code);
      if (found.length > 0 || written.before !== '' || !SEARCHES.test(text)) return found;
      // Names that come from looking into a folder: mostly into its own.
      return below(folderOf(from), code);
    },
    matching(from, glob) {
      if (glob.startsWith('!')) return [];
      const base = folderOf(from);
      const pattern = glob.startsWith('/') ? glob.slice(1) : within(base, glob);
      const matches = globRegExp(pattern);
      return unique(
        [...tree.paths].filter((path) => matches.test(path) || (glob.startsWith('/') && endsLike(path, matches))),
      );
    },
  };
}

function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}

function within(folder: string, path: string): string {
  const joined = posix.join(folder, path).replace(/\/$/, '');
  return joined === '.' ? '' : joined;
}

/** `/src/x/*.ts` counts from the package's folder, which need not be the project's. */
function endsLike(path: string, matches: RegExp): boolean {
  for (let cut = path.indexOf('/'); cut >= 0; cut = path.indexOf('/', cut + 1)) {
    if (matches.test(path.slice(cut + 1))) return true;
  }
  return false;
}

function stands(path: string, base: string, start: string): boolean {
  return start === '' || path.startsWith(start, base === '' ? 0 : base.length + 1);
}

function unique(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)].sort();
}
