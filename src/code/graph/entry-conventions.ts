/**
 * Files that a framework, a tool or a person starts by their name or place, though nothing in the project names them. A rule
 * is one entry with the reason that a report repeats; a framework's rule asks for the framework first. In doubt a file is one:
 * calling something unused that is used costs more than the other way round.
 */
import type { FileFacts } from '../facts.ts';
import type { Packages } from './packages.ts';

export interface Convention {
  readonly name: string;
  readonly why: string;
  readonly kind: 'convention' | 'test';
  /** By path alone. */
  readonly path?: RegExp;
  /** Asked where `path` fits, if that is given. */
  readonly when?: (file: ConventionFile) => boolean;
}

export interface ConventionFile {
  readonly path: string;
  readonly facts: FileFacts | undefined;
  readonly packages: Packages;
  /** A file of the project has this base name, in the folder of `path` or above. */
  readonly above: (base: string) => boolean;
  readonly exists: (path: string) => boolean;
}

const uses =
  (...names: readonly string[]) =>
  ({ path, packages }: ConventionFile): boolean =>
    names.some((name) => packages.depends(path, name));
const loadedFrom =
  (...names: readonly string[]) =>
  ({ path, packages }: ConventionFile): boolean =>
    names.some((name) => packages.importsAbove(path, name));
const imports =
  (...names: readonly string[]) =>
  ({ packages }: ConventionFile): boolean =>
    names.some((name) => packages.importsPython(name));
const django = ({ above, packages }: ConventionFile): boolean => above('manage.py') || packages.importsPython('django');
const rule = (
  name: string,
  why: string,
  path: RegExp | undefined,
  when?: (file: ConventionFile) => boolean,
  kind: 'convention' | 'test' = 'convention',
): Convention => ({
  name,
  why,
  kind,
  ...(path === undefined ? {} : { path }),
  ...(when === undefined ? {} : { when }),
});

const SCRIPTS =
  /(?:^|\/)(?:scripts?|bin|tools?|jobs?|cron|ops|maintenance|devtools|hack|examples?|bench(?:marks?)?)\//i;

export const CONVENTIONS: readonly Convention[] = [
  rule('next-pages', 'Next.js serves it as a page', /(?:^|\/)pages\/.+\.(?:[jt]sx?|mdx)$/, uses('next')),
  rule(
    'next-app',
    'Next.js serves it as a route',
    /(?:^|\/)app\/(?:.*\/)?(?:page|layout|route|loading|error|global-error|not-found|template|default|sitemap|robots|manifest|icon|apple-icon|opengraph-image|twitter-image)\.[jt]sx?$/,
    uses('next'),
  ),
  rule(
    'next-hooks',
    'Next.js runs it',
    /(?:^|\/)(?:middleware|proxy|instrumentation(?:-client)?)\.[jt]s$/,
    uses('next'),
  ),
  rule(
    'nuxt',
    'Nuxt loads files of this folder',
    /(?:^|\/)(?:pages|layouts|components|composables|plugins|middleware|utils|stores|server)\/.+\.(?:[cm]?[jt]sx?|vue)$|(?:^|\/)(?:app|error)\.(?:vue|config\.ts)$/,
    uses('nuxt', 'nuxt3'),
  ),
  rule(
    'sveltekit',
    'SvelteKit serves it as a route',
    /(?:^|\/)(?:\+(?:page|layout|server|error)(?:@[^/]*)?(?:\.server)?\.(?:[jt]s|svelte)|hooks(?:\.(?:client|server))?\.[jt]s|service-worker\.[jt]s)$|(?:^|\/)src\/params\/.+\.[jt]s$/,
    uses('@sveltejs/kit'),
  ),
  rule(
    'remix',
    'Remix serves it as a route',
    /(?:^|\/)app\/(?:routes\/.+|root|routes|entry\.(?:client|server))\.[jt]sx?$/,
    uses('@remix-run/react', '@remix-run/dev', '@react-router/dev', '@tanstack/react-start'),
  ),
  rule(
    'tanstack',
    'TanStack Router serves it as a route',
    /(?:^|\/)src\/routes\/.+\.[jt]sx?$/,
    uses('@tanstack/react-router'),
  ),
  rule(
    'solid-start',
    'SolidStart serves it',
    /(?:^|\/)src\/(?:app|entry-(?:client|server)|middleware(?:\/index)?|routes\/.+)\.[jt]sx?$/,
    uses('@solidjs/start', 'solid-start'),
  ),
  rule(
    'qwik-city',
    'Qwik City serves it',
    /(?:^|\/)src\/(?:root|entry\.[\w-]+|routes\/.+)\.[jt]sx?$/,
    uses('@builder.io/qwik-city', '@qwik.dev/router'),
  ),
  rule(
    'astro',
    'Astro serves it',
    /(?:^|\/)src\/(?:pages\/.+|content\/?config|content\.config|middleware)\.(?:[jt]sx?|astro|mdx?)$/,
    uses('astro'),
  ),
  rule(
    'gatsby',
    'Gatsby loads it',
    /(?:^|\/)(?:src\/(?:pages|templates)\/.+|gatsby-(?:node|config|browser|ssr))\.[jt]sx?$/,
    uses('gatsby'),
  ),
  rule('expo', 'Expo serves it as a route', /(?:^|\/)app\/.+\.[jt]sx?$/, uses('expo-router')),
  rule(
    'react-native',
    'React Native starts it',
    /(?:^|\/)(?:App|index)(?:\.(?:android|ios|web|native))?\.[jt]sx?$/,
    uses('react-native', 'expo'),
  ),
  rule(
    'create-react-app',
    'Create React App starts it',
    /(?:^|\/)src\/(?:index|setupTests|setupProxy)\.[jt]sx?$/,
    uses('react-scripts'),
  ),
  rule('angular', 'Angular starts it', /(?:^|\/)src\/(?:main|polyfills|test)\.ts$/, uses('@angular/core')),
  rule('nest', 'NestJS starts it', /(?:^|\/)src\/main\.ts$/, uses('@nestjs/core')),
  rule(
    'serverless',
    'a hosting service runs each file of this folder as a function',
    /(?:^|\/)(?:netlify|supabase|amplify|firebase)?\/?functions\/.+\.(?:[cm]?[jt]sx?|py)$/,
    ({ path, above }) =>
      /(?:netlify|supabase|amplify)\/functions\//.test(path) ||
      ['netlify.toml', 'firebase.json', 'wrangler.toml', 'serverless.yml'].some(above),
  ),
  rule(
    'vercel',
    'Vercel runs each file of this folder as a function',
    /(?:^|\/)api\/.+\.(?:[cm]?[jt]sx?|py|php)$/,
    ({ above }) => above('vercel.json'),
  ),
  rule('pytest', 'pytest collects it', /(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest|tests)\.py$/, undefined, 'test'),
  rule(
    'js-tests',
    'a test runner collects it',
    /\.(?:test|spec|cy|e2e|test-d|bench)\.[cm]?[jt]sx?$|(?:^|\/)(?:__tests__|__mocks__|cypress|e2e|playwright)\/.+\.[cm]?[jt]sx?$/,
    undefined,
    'test',
  ),
  rule(
    'test-folder',
    'it lies among the tests',
    /(?:^|\/)(?:tests?|spec)\/.+\.(?:[cm]?[jt]sx?|py|php)$/,
    undefined,
    'test',
  ),
  rule('phpunit', 'PHPUnit collects it', /Test\.php$/, undefined, 'test'),
  rule('storybook', 'Storybook shows it', /\.stories\.[cm]?[jt]sx?$|(?:^|\/)\.storybook\//),
  rule(
    'config',
    'a tool reads it as its configuration',
    /(?:^|\/)(?:[\w.-]+\.config|\.[\w-]+rc|gulpfile|Gruntfile|karma\.conf|knexfile|ormconfig|webpack\.[\w.]+|rollup\.[\w.]+|jest[.-]?setup|setup-?[jJ]est|vitest\.[\w.]+|protractor\.conf|wdio\.conf|\.pnpmfile|next-env\.d|env\.d|vite-env\.d)\.[cm]?[jt]sx?$/,
  ),
  rule('dot-folder', 'a tool looks into this folder', /(?:^|\/)\.(?!\/)[\w-]+\/.+\.(?:[cm]?[jt]sx?|py)$/),
  rule('declarations', 'the compiler picks up declarations', /\.d\.[cm]?ts$/),
  rule('python-main', 'Python runs it for `python -m` of its folder', /(?:^|\/)__main__\.py$/),
  rule(
    'python-servers',
    'a server loads it by its name',
    /(?:^|\/)(?:wsgi|asgi|passenger_wsgi|gunicorn(?:[._]conf(?:ig)?)?|uvicorn_config)\.py$/,
  ),
  rule(
    'python-tools',
    'a tool runs it by its name',
    /(?:^|\/)(?:manage|setup|noxfile|fabfile|tasks|dodo|locustfile|hubconf|sitecustomize|usercustomize|pavement|SConstruct)\.py$/,
  ),
  rule('sphinx', 'Sphinx reads it', /(?:^|\/)docs?\/(?:.*\/)?conf\.py$/),
  rule(
    'alembic',
    'Alembic runs it',
    /(?:^|\/)(?:env\.py|versions\/[^/]+\.py)$/,
    ({ above, packages }) => above('alembic.ini') || packages.importsPython('alembic'),
  ),
  rule(
    'migrations',
    'a migration tool runs the files of this folder',
    /(?:^|\/)(?:migrations?|migrate|seeds?|seeders?|drizzle)\/.+\.(?:[cm]?[jt]s|py|php)$/i,
  ),
  rule(
    'django-app',
    'Django loads modules of this name from each app',
    /(?:^|\/)(?:admin|apps|models|urls|views|tests|signals|receivers|checks|translation|search_indexes|routing|consumers|middleware|context_processors|cron|celery|tasks|settings[\w-]*)\.py$|(?:^|\/)(?:settings|models|admin|templatetags|management\/commands)\/[^/]+\.py$/,
    django,
  ),
  rule(
    'celery',
    'Celery looks for tasks there',
    /(?:^|\/)(?:tasks|celery(?:_app|config|app)?)\.py$|(?:^|\/)tasks\/[^/]+\.py$/,
    imports('celery'),
  ),
  rule(
    'flask',
    'Flask finds the application by this name',
    /(?:^|\/)(?:app|wsgi)(?:\/__init__)?\.py$/,
    imports('flask', 'quart'),
  ),
  rule('airflow', 'Airflow loads it', /(?:^|\/)dags\/.+\.py$/, imports('airflow')),
  rule('scrapy', 'Scrapy loads it', /(?:^|\/)(?:spiders\/.+|pipelines|middlewares|settings)\.py$/, ({ above }) =>
    above('scrapy.cfg'),
  ),
  rule('streamlit', 'Streamlit serves it as a page', /(?:^|\/)pages\/[^/]+\.py$/, imports('streamlit')),
  rule(
    'served',
    'a web server serves it as it stands',
    /(?:^|\/)(?:public|static|assets|www|wwwroot|htdocs|public_html|webroot|web)\/.+\.(?:[cm]?js|php)$/i,
  ),
  rule(
    'php-page',
    'a web server may run it: it does more than to declare',
    undefined,
    ({ facts }) => facts?.language === 'php' && !onlyDeclares(facts),
  ),
  rule(
    'laravel',
    'Laravel loads files of this folder',
    /(?:^|\/)(?:app|routes|config|database|bootstrap|lang|resources)\/.+\.php$|(?:^|\/)artisan$/,
    ({ above }) => above('artisan'),
  ),
  rule(
    'folder-loader',
    'a file above it loads all modules of a folder',
    /\.[cm]?[jt]s$/,
    loadedFrom(
      'consign',
      'express-load',
      'express-consign',
      'require-all',
      'require-dir',
      'require-directory',
      'requireindex',
      'include-all',
      'bulk-require',
      '@fastify/autoload',
      'fastify-autoload',
    ),
  ),
  rule(
    'script-folder',
    'a script: it lies among scripts and does something by itself',
    SCRIPTS,
    ({ facts }) =>
      facts !== undefined &&
      (facts.runnable === true || (facts.language === 'typescript' && facts.exports.length === 0)),
  ),
  rule(
    'script',
    'a script: it runs by itself and is in no package',
    undefined,
    ({ facts, path, exists }) =>
      facts?.runnable === true && !exists(`${path.slice(0, path.lastIndexOf('/') + 1)}__init__.py`),
  ),
  rule(
    'does-only',
    'it exports nothing: it can only be run',
    undefined,
    ({ facts }) => facts?.language === 'typescript' && facts.read !== 'none' && facts.exports.length === 0,
  ),
];

/** The first rule that fits. */
export function conventionOf(file: ConventionFile): Convention | undefined {
  return CONVENTIONS.find(
    ({ path, when }) => (path === undefined || path.test(file.path)) && (when === undefined || when(file)),
  );
}

function onlyDeclares({ exports }: FileFacts): boolean {
  return exports.length > 0 && exports.every(({ kind }) => kind === 'class' || kind === 'function' || kind === 'type');
}
