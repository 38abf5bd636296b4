/** Facts of a file in which nothing was found yet. */
import type { FileFacts, LanguageId, ReadQuality } from './facts.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };

/** What a front end fills while it reads. */
export type Draft = Mutable<FileFacts>;

export function emptyFacts(language: LanguageId, read: ReadQuality, lines: number): Draft {
  return {
    language,
    read,
    lines,
    imports: [],
    exports: [],
    scopes: [],
    assigns: [],
    statements: [],
    texts: [],
    sql: [],
    variables: [],
    commands: [],
    places: [],
    tables: [],
    references: [],
  };
}
