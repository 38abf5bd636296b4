/** What a scanner must know of a language to tell words from comments and texts: no more than that. */
import type { LanguageId } from '../facts.ts';

export interface TokenStyle {
  /** `#` begins a comment: anywhere, or only where a word may begin (`$#`, `a#b` and YAML values keep theirs). */
  readonly hash?: 'anywhere' | 'word';
  /** `//` and block comments. */
  readonly slashes?: true;
  /** `--` and block comments. */
  readonly dashes?: true;
  /** Python: triple-quoted texts; a text that is a statement by itself is documentation. */
  readonly triple?: true;
  /** Templates in backticks, and regular expressions. */
  readonly script?: true;
  /** Quoted texts may go over lines. */
  readonly longTexts?: true;
  /** A doubled quote stands for one, a backslash for itself, and the case of words does not matter. */
  readonly sql?: true;
  /** Code between `<?php` and `?>` only. */
  readonly php?: true;
}

const HASH: TokenStyle = { hash: 'word' };

const STYLES: Readonly<Record<LanguageId, TokenStyle>> = {
  python: { hash: 'anywhere', triple: true },
  typescript: { slashes: true, script: true },
  php: { hash: 'anywhere', slashes: true, longTexts: true, php: true },
  sql: { dashes: true, longTexts: true, sql: true },
  shell: { hash: 'word', longTexts: true },
  prisma: { slashes: true },
  json: { slashes: true },
  markdown: {},
  yaml: HASH,
  dockerfile: HASH,
  env: HASH,
  toml: HASH,
  ini: HASH,
  makefile: HASH,
  systemd: HASH,
  crontab: HASH,
  procfile: HASH,
};

export function tokenStyle(language: LanguageId): TokenStyle {
  return STYLES[language];
}
