/** Variables that files of settings give a value and that nothing in the project mentions again (trap C16). */
import type { FileFacts } from '../code/facts.ts';
import type { Code, VariableSite } from './code-model.ts';
import type { Facts } from './model.ts';
import { isAside } from './set-aside.ts';
import { linesOf, wordsIn } from './words-of-code.ts';

/** Read by images, runtimes, frameworks and clients of services, without a line of the project that says so. */
const READ_BY_OTHERS =
  /^(?:POSTGRES|PG|PGADMIN|MYSQL|MARIADB|REDIS|MONGO|RABBITMQ|MINIO|KAFKA|ZOOKEEPER|ELASTIC|ES_|OPENSEARCH|GF_|GRAFANA|PROMETHEUS|INFLUXDB|DOCKER|N8N|TRAEFIK|KEYCLOAK|KC_|NODE|NPM|YARN|PNPM|COREPACK|PYTHON|PIP|UV_|POETRY|VIRTUAL|CONDA|FLASK|DJANGO|GUNICORN|UVICORN|CELERY|AIRFLOW|STREAMLIT|JUPYTER|NEXT|NUXT|VITE|REACT_APP|GATSBY|BROWSER|AWS|AZURE|GOOGLE|GCP|GCLOUD|VERCEL|NETLIFY|HEROKU|RAILWAY|RENDER|FLY_|SENTRY|OTEL|DD_|NEW_RELIC|OPENAI|ANTHROPIC|HF_|HUGGINGFACE|TRANSFORMERS|CUDA|NVIDIA|TORCH|TF_|OMP|MKL|OLLAMA|LANGCHAIN|LANGSMITH|CI|GITHUB|GITLAB|COMPOSE|BUILDKIT|DEBIAN|LC_|LD_|JAVA|JVM|MAVEN|GRADLE|SPRING|ASPNETCORE|DOTNET|RAILS|LARAVEL|COMPOSER|PHP|APACHE|NGINX|LETSENCRYPT|CERTBOT|XDG|SSL|HTTP|HTTPS|NO_PROXY|ALL_PROXY|TURBO|CHOKIDAR|WATCHPACK|PLAYWRIGHT|PUPPETEER|CYPRESS|PRISMA|GOTRUE|PGRST|STUDIO|SUPABASE|KONG|WORDPRESS|ADMINER|PMA)(?:_|$)|^(?:PG[A-Z]+|PYTHON\w+|TZ|LANG|LANGUAGE|PORT|HOST|HOSTNAME|PATH|HOME|USER|UID|GID|PUID|PGID|SHELL|TERM|DISPLAY|DEBUG|ENV|PWD|UMASK|WEB_CONCURRENCY|http_proxy|https_proxy|no_proxy|LOG_LEVEL|DATABASE_URL)$|_API_(?:KEY|TOKEN)$/i;

/** Only where the project reads variables at all, and knows what it does: code in other languages may read the rest. */
export function unreadSettings(facts: Facts): readonly VariableSite[] {
  const { code } = facts;
  const reads = new Set(code.variables.flatMap(({ kind, name }) => (kind === 'read' ? [name.toLowerCase()] : [])));
  if (reads.size === 0) return [];
  const candidates = code.variables.filter(
    (site) =>
      site.kind === 'set' &&
      /^[A-Za-z_]\w{2,}$/.test(site.name) &&
      !READ_BY_OTHERS.test(site.name) &&
      !reads.has(site.name.toLowerCase()) &&
      isSetting(site, code),
  );
  if (candidates.length === 0) return [];
  const mentioned = mentions(candidates, code);
  return candidates.filter(({ name }) => !mentioned.has(name.toLowerCase()));
}

/** Environment files and services that the project builds itself; an image of somebody else reads what it likes. */
function isSetting({ path, where }: VariableSite, code: Code): boolean {
  const facts = code.files.get(path);
  if (facts === undefined || isAside(path, facts)) return false;
  if (facts.language === 'env') return true;
  if (facts.language !== 'yaml' || /(?:^|\/)\.(?:github|gitlab|circleci)/.test(path)) return false;
  return facts.places.some(({ label, build }) => label === where && build !== undefined);
}

interface Mentions {
  readonly found: readonly string[];
  /** Names that are mentioned if a prefix is put in front. */
  readonly byPrefix: readonly string[];
  readonly prefixed: boolean;
}

/** Names, in lower case, that stand anywhere but where they are given a value. */
function mentions(candidates: readonly VariableSite[], code: Code): ReadonlySet<string> {
  const wanted = new Set(candidates.map(({ name }) => name.toLowerCase()));
  // `env_prefix="APP_"` with a field `name` reads APP_NAME.
  const shortened = new Map<string, string[]>();
  for (const name of wanted) {
    const short = name.slice(name.indexOf('_') + 1);
    if (name.includes('_')) shortened.set(short, [...(shortened.get(short) ?? []), name]);
  }
  const set = new Map<string, Set<string>>();
  for (const { path, line, name, kind } of code.variables) {
    if (kind !== 'set') continue;
    const key = `${path}:${line}`;
    set.set(key, (set.get(key) ?? new Set()).add(name.toLowerCase()));
  }
  const found = new Set<string>();
  const byPrefix = new Set<string>();
  let prefixed = false;
  const question = `mentions ${[...wanted].sort().join(' ')}`;
  for (const [path, facts] of code.files) {
    if (facts.language === 'markdown' || facts.read === 'none' || found.size === wanted.size) continue;
    const answer = code.answer(path, question, () => mentionsIn(path, facts));
    for (const name of answer.found) found.add(name);
    for (const name of answer.byPrefix) byPrefix.add(name);
    prefixed ||= answer.prefixed;
  }
  return prefixed ? new Set([...found, ...byPrefix]) : found;

  function mentionsIn(path: string, facts: FileFacts): Mentions {
    const own = { found: new Set<string>(), byPrefix: new Set<string>(), prefixed: false };
    linesOf(code, path).forEach((text, index) => {
      const here = set.get(`${path}:${index + 1}`);
      if (facts.language === 'env' && here === undefined && /^\s*#/.test(text)) return;
      if (/env_?prefix|nested_delimiter/i.test(text)) own.prefixed = true;
      for (const word of wordsIn(text)) {
        const lower = word.toLowerCase();
        if (wanted.has(lower) && (here?.has(lower) !== true || new RegExp(`\\$\\{?${word}\\b`).test(text)))
          own.found.add(lower);
        for (const full of shortened.get(lower) ?? []) own.byPrefix.add(full);
      }
    });
    return { found: [...own.found], byPrefix: [...own.byPrefix], prefixed: own.prefixed };
  }
}
