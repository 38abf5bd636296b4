/**
 * Answers to questions about single files that cost more than to remember them: kept with the file's content, and as good as asking again
 * while that stays the same. What is asked must depend on nothing but that file and the question's own words.
 */

export interface Answers {
  /** `make` is only called where nothing is known. Answers are plain JSON. */
  ask<T>(path: string, question: string, make: () => T): T;
  /** How many were given that no earlier run knew. */
  given(): number;
  /** All that is known of these files. */
  all(paths: Iterable<string>): ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** Answers about the project as a whole, under one name. */
export interface Recalled {
  recall<T>(question: string, make: () => T): T;
  all(): Readonly<Record<string, unknown>>;
}

export function openRecalled(earlier: () => Readonly<Record<string, unknown>> | undefined): Recalled {
  const answers = openAnswers((path) => (path === '' ? earlier() : undefined));
  return {
    recall: (question, make) => answers.ask('', question, make),
    all: () => answers.all(['']).get('') ?? {},
  };
}

export function openAnswers(
  earlier: (path: string) => Readonly<Record<string, unknown>> | undefined = () => undefined,
): Answers {
  const fresh = new Map<string, Record<string, unknown>>();
  let given = 0;
  return {
    ask<T>(path: string, question: string, make: () => T): T {
      const own = fresh.get(path);
      if (own !== undefined && Object.hasOwn(own, question)) return own[question] as T;
      const known = earlier(path);
      if (known !== undefined && Object.hasOwn(known, question)) return known[question] as T;
      const answer = make();
      given++;
      if (own === undefined) fresh.set(path, { [question]: answer });
      else own[question] = answer;
      return answer;
    },
    given: () => given,
    all(paths) {
      const all = new Map<string, Readonly<Record<string, unknown>>>();
      for (const path of paths) {
        const merged = { ...earlier(path), ...fresh.get(path) };
        if (Object.keys(merged).length > 0) all.set(path, merged);
      }
      return all;
    },
  };
}
