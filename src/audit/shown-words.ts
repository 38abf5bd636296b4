/**
 * Words that programs show to people under names that settings have too: translations, labels, messages. `password` beside
 * `username` and `host` is then what stands before an input, in some language, and no password.
 */
const PLACE =
  /(?:^|\/)(?:i18n|l10n|locales?|langs?|translations?)(?:\/|\.\w+$)|(?:^|\/)(?:messages|languages|intl|strings)\/(?:.*\/)?[a-z]{2}(?:[-_][a-z]{2,4})?\.\w+$|(?:^|\/)(?:messages|strings|translations?|lang|locale)[._-][a-z]{2}(?:[-_][a-z]{2,4})?\.\w+$/i;
/** Texts of which most are words: fewer say nothing. */
const ENOUGH = 8;

/** Lies where projects keep what they show, one file for a language. */
export const isPlaceOfWords = (path: string): boolean => PLACE.test(path);

/** With spaces, in another script, ending as labels do; or one word with a capital letter (`Benutzername`). */
export function isShown(text: string): boolean {
  return isPhrase(text) || isCapitalised(text);
}

/** Among the values that stand beside each other, those that are meant for people prevail. */
export function areMostlyShown(texts: readonly string[]): boolean {
  return texts.length >= ENOUGH && texts.filter(isShown).length * 2 > texts.length;
}

/** User, host and password of one map read as labels of these and not as their values. */
export function areLabels(texts: readonly string[]): boolean {
  return texts.some(isPhrase) || (texts.length > 1 && texts.every(isCapitalised));
}

/** `DB_PASSWORD_LABEL`, `dbPasswordRequired`: about a password. */
export const isAboutPassword = (name: string): boolean =>
  /(?:pass|pwd)(?:w(?:or)?d)?_?(?:(?:is|not|too)_?)?(?:label|title|text|message|msg|error|hint|help|placeholder|desc(?:ription)?|field|column|prompt|name|env|var(?:iable)?|regex|pattern|policy|length|required|invalid|missing|wrong|strength)s?$/i.test(
    name,
  );

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII, named by its ends
const isPhrase = (text: string): boolean => /\s|[^\x00-\x7f]|[:*?]$/.test(text);
const isCapitalised = (text: string): boolean => /^[A-Z][a-z]+$/.test(text);
