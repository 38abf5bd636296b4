/** A question that is answered once: equal ones get the same answer, also while it is still looked for. */
export function askedOnce<A, R>(answer: (asked: A) => Promise<R>): (asked: A) => Promise<R> {
  const known = new Map<string, Promise<R>>();
  return (asked) => {
    const key = JSON.stringify(asked);
    const found = known.get(key) ?? answer(asked);
    known.set(key, found);
    return found;
  };
}
