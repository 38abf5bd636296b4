/**
 * What a framework's own program (`next dev`, `nest start`, `manage.py`) loads by name, counted from the folder of its manifest.
 * Stricter than what may count as used (`entry-conventions`): what is listed here does run, and nothing else but what it leads to.
 */
import type { SourceTree } from '../code/resolve.ts';
import { folderOf, within } from './project-path.ts';

interface Framework {
  /** The word after the program, empty where an option or nothing follows: with these it runs sources; else it builds or checks. */
  readonly runs: RegExp;
  /** The path from the folder. */
  readonly loads: RegExp;
}

const SCRIPT = String.raw`\.(?:[cm]?[jt]sx?|mdx?)$`;
const NEXT: Framework = {
  runs: /^(?:|dev|start)$/,
  loads: new RegExp(
    String.raw`^(?:src/)?(?:pages/.+|app/(?:.+/)?(?:page|layout|route|loading|error|global-error|not-found|forbidden|unauthorized|template|default|sitemap|robots|manifest|icon|apple-icon|opengraph-image|twitter-image)|middleware|proxy|instrumentation(?:-client)?)${SCRIPT}|^next\.config\.[cm]?[jt]s$`,
  ),
};
const NUXT: Framework = {
  runs: /^(?:|dev|start|preview)$/,
  loads:
    /^(?:src\/|app\/)?(?:pages|layouts|components|composables|plugins|middleware|utils|stores|server)\/.+\.(?:[cm]?[jt]sx?|vue)$|^(?:app\/)?(?:app|error)\.vue$|^nuxt\.config\.[cm]?[jt]s$/,
};
const REMIX: Framework = {
  runs: /^(?:dev|vite:dev)$/,
  loads:
    /^app\/(?:routes\/.+|root|routes|entry\.(?:client|server))\.[jt]sx?$|^(?:vite|react-router|remix)\.config\.[cm]?[jt]s$/,
};
const SVELTEKIT: Framework = {
  runs: /^(?:|dev|preview)$/,
  loads:
    /^src\/(?:routes\/(?:.+\/)?\+(?:page|layout|server|error)(?:@[^/]*)?(?:\.server)?\.(?:[jt]s|svelte)|hooks(?:\.(?:client|server))?\.[jt]s|params\/.+\.[jt]s)$|^(?:vite|svelte)\.config\.[cm]?[jt]s$/,
};
const ROUTES: Framework = {
  runs: /^(?:|dev|start)$/,
  loads:
    /^(?:src|app)\/(?:routes\/.+|(?:app|router|routeTree\.gen|client|server|ssr|entry-(?:client|server)))\.[jt]sx?$|^(?:vite|app)\.config\.[cm]?[jt]s$/,
};
const REDWOOD: Framework = {
  runs: /^(?:dev|serve)$/,
  loads: /^api\/src\/.+\.[jt]s$|^web\/src\/(?:App|Routes|index|entry\.\w+)\.[jt]sx?$/,
};

const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  next: NEXT,
  blitz: NEXT,
  nuxt: NUXT,
  nuxi: NUXT,
  remix: REMIX,
  'react-router': REMIX,
  'svelte-kit': SVELTEKIT,
  vinxi: ROUTES,
  rw: REDWOOD,
  redwood: REDWOOD,
  // The page names the module that everything begins with.
  vite: { runs: /^(?:|dev|serve)$/, loads: /^index\.html$|^vite\.config\.[cm]?[jt]s$/ },
  astro: {
    runs: /^(?:|dev|preview)$/,
    loads:
      /^src\/(?:pages\/.+\.(?:[cm]?[jt]s|astro|mdx?)|(?:content\/?config|content\.config|middleware)\.[jt]s)$|^astro\.config\.[cm]?[jt]s$/,
  },
  gatsby: {
    runs: /^(?:develop|serve)$/,
    loads: /^src\/(?:pages|templates|api)\/.+\.[jt]sx?$|^gatsby-(?:node|config|browser|ssr)\.[jt]sx?$/,
  },
  nest: { runs: /^start$/, loads: /^src\/main\.ts$/ },
  'react-scripts': { runs: /^start$/, loads: /^src\/(?:index|setupProxy)\.[jt]sx?$/ },
  ng: { runs: /^(?:s|serve|dev)$/, loads: /^(?:src\/)?(?:main|main\.server|server|polyfills)\.ts$/ },
  webpack: { runs: /^(?:s|serve|server)$/, loads: /^src\/index\.[jt]sx?$|^webpack\.config\.[cm]?[jt]s$/ },
  'webpack-dev-server': { runs: /^/, loads: /^src\/index\.[jt]sx?$|^webpack\.config\.[cm]?[jt]s$/ },
  strapi: {
    runs: /^(?:dev|develop|start)$/,
    loads: /^(?:config|src\/(?:api|extensions|middlewares|policies|components))\/.+\.[jt]s$|^src\/index\.[jt]s$/,
  },
  medusa: {
    runs: /^(?:develop|start)$/,
    loads:
      /^medusa-config\.[cm]?[jt]s$|^src\/(?:api|subscribers|loaders|services|models|strategies|jobs|workflows|modules|links)\/.+\.[jt]sx?$/,
  },
  keystone: { runs: /^(?:|dev|start)$/, loads: /^keystone\.[jt]sx?$/ },
  wrangler: { runs: /^(?:dev|start)$/, loads: /^src\/(?:index|worker)\.[cm]?[jt]s$|^functions\/.+\.[cm]?[jt]sx?$/ },
  // What these run stands in their settings.
  sst: { runs: /^dev$/, loads: /^sst\.config\.[cm]?[jt]s$/ },
  serverless: { runs: /^(?:dev|offline)$/, loads: /^serverless\.[cm]?[jt]s$/ },
};

/** Frameworks that `vite` runs as plugins, by the package that brings them. */
const IN_VITE: readonly (readonly [string, Framework])[] = [
  ['"@sveltejs/kit"', SVELTEKIT],
  ['"@remix-run/dev"', REMIX],
  ['"@react-router/dev"', REMIX],
  ['"@solidjs/start"', ROUTES],
  ['"@tanstack/react-start"', ROUTES],
];

const DJANGO =
  /(?:^|\/)(?:admin|apps|models|urls|views|signals|receivers|checks|translation|search_indexes|routing|consumers|middleware|context_processors)\.py$|(?:^|\/)(?:models|admin|views|templatetags)\/[^/]+\.py$/;
const DJANGO_TESTS = /(?:^|\/)(?:tests?\/|test_[^/]*\.py$|[^/]*_test\.py$|conftest\.py$)/;

/** `undefined`: no framework's program. Else whether it runs sources with these words. */
export function frameworkRuns(program: string, words: readonly string[]): boolean | undefined {
  if (!Object.hasOwn(FRAMEWORKS, program)) return undefined;
  const [word = ''] = words;
  return (FRAMEWORKS[program] as Framework).runs.test(word.startsWith('-') ? '' : word);
}

/** Files that a framework loads by name, from the folder of its manifest. `argument`: what its program is told to start. */
export type LoadedBy = (framework: string, folder: string, argument?: string) => readonly string[];

export function openFrameworks(tree: SourceTree): LoadedBy {
  const known = new Map<string, readonly string[]>();
  return (framework, folder, argument = '') => {
    const key = `${framework}\n${folder}\n${argument}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const files =
      framework === 'django' ? django(tree, folder, argument) : loaded(tree, folder, rulesOf(tree, framework, folder));
    // `nest start billing` in a workspace.
    const app = framework === 'nest' && argument !== '' ? join(folder, `apps/${argument}/src/main.ts`) : '';
    const found = tree.paths.has(app) ? [app] : files;
    known.set(key, found);
    return found;
  };
}

function rulesOf(tree: SourceTree, framework: string, folder: string): readonly RegExp[] {
  const own = Object.hasOwn(FRAMEWORKS, framework) ? [FRAMEWORKS[framework] as Framework] : [];
  const manifest = framework === 'vite' ? (tree.readText(join(folder, 'package.json')) ?? '') : '';
  const plugins = IN_VITE.flatMap(([name, plugin]) => (manifest.includes(name) ? [plugin] : []));
  return [...own, ...plugins].map(({ loads }) => loads);
}

function loaded(tree: SourceTree, folder: string, rules: readonly RegExp[]): readonly string[] {
  const from = folder === '' ? 0 : folder.length + 1;
  return [...tree.paths].filter((path) => {
    if (!within(folder, path)) return false;
    const rest = path.slice(from);
    return rules.some((rule) => rule.test(rest));
  });
}

/** `argument`: the settings and the command, `config.settings.local seed`. */
function django(tree: SourceTree, folder: string, argument: string): readonly string[] {
  const [settings = '', command = ''] = argument.split(' ');
  const module = settings === '' ? undefined : settingsFile(tree, folder, settings);
  return [...tree.paths].filter((path) => {
    if (!path.endsWith('.py') || !within(folder, path)) return false;
    const rest = path.slice(folder === '' ? 0 : folder.length + 1);
    if (DJANGO_TESTS.test(rest)) return false;
    if (module === undefined ? /(?:^|\/)settings\.py$/.test(rest) : path === module) return true;
    if (command !== '' && rest.endsWith(`management/commands/${command}.py`)) return true;
    return DJANGO.test(rest);
  });
}

function settingsFile(tree: SourceTree, folder: string, module: string): string | undefined {
  const path = join(folder, module.replaceAll('.', '/'));
  return [`${path}.py`, `${path}/__init__.py`].find((file) => tree.paths.has(file));
}

const NAMES_SETTINGS = /DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)["']/;

/** Of `manage.py`, `wsgi.py`, `asgi.py`, `celery.py`: the folder that Django's modules are imported from, and the settings that it names. */
export function djangoOf(
  tree: SourceTree,
  file: string,
): { readonly folder: string; readonly settings: string } | undefined {
  if (!/(?:^|\/)(?:manage|wsgi|asgi|celery\w*)\.py$/.test(file)) return undefined;
  const settings = NAMES_SETTINGS.exec(tree.readText(file)?.slice(0, 20_000) ?? '')?.[1];
  if (settings === undefined) return undefined;
  for (let folder = folderOf(file); ; folder = folderOf(folder)) {
    if (settingsFile(tree, folder, settings) !== undefined) return { folder, settings };
    if (folder === '') return { folder: folderOf(file), settings };
  }
}

const join = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);
