/** Makes a value when it is first asked for. */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly it: T } | undefined;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}

/** The same for one value per key. */
export function remembered<K, T>(make: (key: K) => T): (key: K) => T {
  const known = new Map<K, { readonly it: T }>();
  return (key) => {
    let made = known.get(key);
    if (made === undefined) {
      made = { it: make(key) };
      known.set(key, made);
    }
    return made.it;
  };
}
