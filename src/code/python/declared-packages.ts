/** Packages that the project says it installs: a folder or file of the same name does not stand in for them. */
import type { SourceTree } from '../resolve.ts';

const LISTS =
  /(?:^|\/)(?:(?:[\w.-]*requirements[\w.-]*|constraints)\.(?:txt|in)|requirements\/[\w.-]+\.txt|pyproject\.toml|Pipfile|setup\.(?:py|cfg)|environment\.ya?ml)$/;
const LONGEST = 300_000;

/** Names under which some packages are imported, where these are not their own. */
const IMPORTED_AS: Readonly<Record<string, readonly string[]>> = {
  'discord-py': ['discord'],
  'py-cord': ['discord'],
  'python-telegram-bot': ['telegram'],
  'google-api-python-client': ['googleapiclient'],
  pyyaml: ['yaml'],
  'python-dotenv': ['dotenv'],
  'python-jose': ['jose'],
  'python-docx': ['docx'],
  'python-dateutil': ['dateutil'],
  pillow: ['PIL'],
  'opencv-python': ['cv2'],
  'scikit-learn': ['sklearn'],
  beautifulsoup4: ['bs4'],
  'psycopg2-binary': ['psycopg2'],
  pyjwt: ['jwt'],
  gitpython: ['git'],
  'paho-mqtt': ['paho'],
  pyserial: ['serial'],
};
/** Published under names that folders of projects often bear: a folder without `__init__.py` gives way to an installed package. */
const OFTEN_A_FOLDER =
  'alembic airflow anthropic azure boto3 celery chromadb dash databricks discord django docker elasticsearch fastapi firebase_admin flask google grafana grpc jira jwt kafka kubernetes langchain ldap mcp mlflow mongo mqtt mysql nltk notion ollama openai pandas paypal plaid prefect prometheus_client pytest ray redis requests selenium sendgrid sentry_sdk serial setuptools slack snowflake spotify stripe supabase telegram torch twilio twitter whisper youtube zmq'.split(
    ' ',
  );

/** By import name, lower case. */
export function declaredPackages(tree: SourceTree): ReadonlySet<string> {
  const declared = new Set<string>(OFTEN_A_FOLDER);
  for (const path of tree.paths) {
    if (!LISTS.test(path)) continue;
    const text = tree.readText(path)?.slice(0, LONGEST);
    if (text === undefined) continue;
    for (const name of path.endsWith('.txt') || path.endsWith('.in') ? fromLines(text) : fromQuotes(text)) {
      const plain = name.toLowerCase().replace(/[._]/g, '-');
      declared.add(plain.replaceAll('-', '_'));
      for (const imported of IMPORTED_AS[plain] ?? []) declared.add(imported.toLowerCase());
      // flask-sqlalchemy is imported as flask_sqlalchemy, python-foo and foo-python often as foo.
      declared.add(plain.replace(/^python-|-python$|-binary$/g, '').replaceAll('-', '_'));
    }
  }
  return declared;
}

function* fromLines(text: string): Generator<string> {
  for (const [, name] of text.matchAll(/^[ \t]*([A-Za-z0-9][\w.-]*)[ \t]*(?:\[|[=<>!~;@#]|$)/gm))
    if (name !== undefined) yield name;
}

/** `"flask>=2"`, `flask = "^2"`, `- flask=2`: too many rather than too few, but not the project's own name. */
function* fromQuotes(text: string): Generator<string> {
  const own = new Set<string>();
  for (const [, name] of text.matchAll(/^\s*name\s*=\s*["']?([\w.-]+)/gm)) if (name !== undefined) own.add(name);
  for (const [, name] of text.matchAll(/["']([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]"']*\])?\s*(?:[=<>!~;@][^"'\n]*)?["']/g)) {
    if (name !== undefined && !own.has(name) && !name.includes('.py')) yield name;
  }
  for (const [, name] of text.matchAll(
    /^([A-Za-z0-9][\w-]*)\s*=\s*(?:["'][\^~=<>*\d]|\{\s*(?:version|extras|git))/gm,
  )) {
    if (name !== undefined && !own.has(name)) yield name;
  }
  for (const [, name] of text.matchAll(/^\s+(?:-\s+)?([A-Za-z0-9][\w.-]*)\s*(?:[=<>!~]=?[\d"']|$)/gm)) {
    if (name !== undefined && !own.has(name)) yield name;
  }
}
