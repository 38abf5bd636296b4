/** What the name of a column suggests. Names never decide alone: they break ties between readings of the values. */

/** `lastLoginAt`, `last_login_at` and `Last Login At` are the words last, login, at. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '');
}

export function hasWord(words: readonly string[], list: ReadonlySet<string>): boolean {
  return words.some((word) => list.has(word));
}

export const wordSet = (list: string): ReadonlySet<string> => new Set(list.split(' '));
