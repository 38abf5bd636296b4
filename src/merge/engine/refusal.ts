/** What SQLite says where it refuses a row. Its messages name columns and constraints, never values. */
export function isRefusal(error: unknown): boolean {
  return refusalOf(error) !== null;
}

/** `null`: something else went wrong. */
export function refusalOf(error: unknown): string | null {
  const message = error instanceof Error ? error.message : '';
  const said = /(?:[A-Z ]+ constraint failed(?:: .*)?|datatype mismatch|cannot store .*|string or blob too big)$/s.exec(
    message,
  );
  return said?.[0].split('\n')[0]?.slice(0, 200) ?? null;
}
