/** Questions of a merge are named after what they are about, so that an answer finds its place again: `users-password_hash`. */

/** What a plan calls the question: behind the name of the merge. */
export function decisionId(action: string, topic: string): string {
  return `${action.replace(/^merge-/, '')}-${topic}`;
}

/** What of it is the topic; `null`: it is a question of something else. */
export function topicIn(action: string, decision: string): string | null {
  const head = `${action.replace(/^merge-/, '')}-`;
  return decision.startsWith(head) ? decision.slice(head.length) : null;
}

/** Letters, digits, `_`, `.` and `-` only. */
export function topicOf(...words: readonly string[]): string {
  return words.map((word) => word.replace(/[^\w.]+/g, '-').replace(/^-+|-+$/g, '')).join('-');
}
