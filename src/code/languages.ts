/** The languages that are read, by file name: one line each. A front end is loaded when its first file comes. */
import type { Language, LanguageId } from './facts.ts';

interface Entry {
  readonly id: LanguageId;
  readonly matches: RegExp;
  readonly load: () => Promise<Language>;
}

/** The first that matches counts. Matched against the base name; `/`-ended folders in front where they matter. */
const LANGUAGES: readonly Entry[] = [
  { id: 'python', matches: /\.pyi?$|\.pyw$/, load: async () => (await import('./python/language.ts')).python },
  {
    id: 'typescript',
    matches: /\.[cm]?[jt]sx?$/,
    load: async () => (await import('./typescript/language.ts')).typescript,
  },
  { id: 'sql', matches: /\.(?:sql|ddl)$/i, load: async () => (await import('./sql/language.ts')).sql },
  { id: 'php', matches: /\.(?:php|phtml|inc)$/i, load: async () => (await import('./php/language.ts')).php },
  {
    id: 'shell',
    matches: /\.(?:sh|bash|zsh|ksh|bats)$/,
    load: async () => (await import('./shell/language.ts')).shell,
  },
  { id: 'yaml', matches: /\.ya?ml$/i, load: async () => (await import('./yaml/language.ts')).yaml },
  {
    id: 'dockerfile',
    matches: /(?:^|\/)(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$|\.[Dd]ockerfile$/,
    load: async () => (await import('./dockerfile/language.ts')).dockerfile,
  },
  {
    id: 'env',
    matches: /(?:^|\/)\.?env(?:\.[\w.-]+)?$|\.env$/,
    load: async () => (await import('./env/language.ts')).env,
  },
  { id: 'toml', matches: /\.toml$|(?:^|\/)Pipfile$/, load: async () => (await import('./toml/language.ts')).toml },
  { id: 'ini', matches: /\.(?:ini|cfg|conf|properties)$/, load: async () => (await import('./ini/language.ts')).ini },
  {
    id: 'json',
    matches:
      /(?:^|\/)(?:package|composer|[tj]sconfig[\w.-]*|vercel|nodemon|ormconfig|appsettings[\w.-]*|deno|launch|tasks|ecosystem[\w.-]*|config[\w.-]*|settings[\w.-]*|default|production|development|_journal)\.jsonc?$/,
    load: async () => (await import('./json/language.ts')).json,
  },
  { id: 'prisma', matches: /\.prisma$/, load: async () => (await import('./prisma/language.ts')).prisma },
  {
    id: 'makefile',
    matches: /(?:^|\/)(?:GNUm|m|M)akefile$|\.mk$|(?:^|\/)[Jj]ustfile$/,
    load: async () => (await import('./makefile/language.ts')).makefile,
  },
  {
    id: 'systemd',
    matches: /\.(?:service|timer)$/,
    load: async () => (await import('./systemd/language.ts')).systemd,
  },
  {
    id: 'crontab',
    matches: /(?:^|\/)crontab(?:\.\w+)?$|\.cron(?:tab)?$|(?:^|\/)cron\.d\/[\w.-]+$/,
    load: async () => (await import('./crontab/language.ts')).crontab,
  },
  {
    id: 'procfile',
    matches: /(?:^|\/)Procfile(?:\.\w+)?$/,
    load: async () => (await import('./procfile/language.ts')).procfile,
  },
  {
    id: 'markdown',
    matches: /\.(?:md|markdown|mdx|rst)$|(?:^|\/)README(?:\.txt)?$/i,
    load: async () => (await import('./markdown/language.ts')).markdown,
  },
];

/** The language of a file by its path, else by its `#!` line. */
export function languageOf(path: string, firstLine = ''): LanguageId | undefined {
  const named = LANGUAGES.find(({ matches }) => matches.test(path))?.id;
  if (named !== undefined) return named;
  if (!firstLine.startsWith('#!')) return undefined;
  if (/\bpython[\d.]*\b/.test(firstLine)) return 'python';
  if (/\b(?:node|deno|bun|tsx|ts-node)\b/.test(firstLine)) return 'typescript';
  if (/\bphp\b/.test(firstLine)) return 'php';
  return /\b(?:ba|da|z|k)?sh\b/.test(firstLine) ? 'shell' : undefined;
}

const loaded = new Map<LanguageId, Promise<Language>>();

export function loadLanguage(id: LanguageId): Promise<Language> {
  let language = loaded.get(id);
  if (language === undefined) {
    language = (LANGUAGES.find((entry) => entry.id === id) as Entry).load();
    loaded.set(id, language);
  }
  return language;
}
