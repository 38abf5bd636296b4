/** What there is to know about a kind of action. A new kind is a file here, a compiler, and a line in `index.ts`. */
import { list } from '../../audit/wording.ts';
import type { CompileAction } from '../compile/draft.ts';
import type { KeySpec } from '../keys.ts';
import type { Action } from '../model.ts';

export interface ActionType<A extends Action = Action> {
  readonly kind: A['kind'];
  /** Its own keys, beside those of every action. */
  readonly keys: readonly KeySpec[];
  /** `-` goes, `+` is made, `~` changes, `>` moves. */
  readonly mark: '-' | '+' | '~' | '>';
  /** The subject may be a pattern. */
  readonly pattern: boolean;
  /** What is done to what, in one line. */
  describe(action: A): string;
  readonly compile: CompileAction<A>;
}

/** `lib/ (auth.ts, cache.ts)`: a folder of which only some files are meant must not read as if all of it were. */
export function subjectOf({ subject, files }: Pick<Action, 'subject' | 'files'>): string {
  if (!Array.isArray(files) || files.length === 0) return subject;
  const folder = `${subject.replace(/\/$/, '')}/`;
  const names = (files as readonly string[]).map((path) =>
    path.startsWith(folder) ? path.slice(folder.length) : path,
  );
  return `${folder} (${list(names)})`;
}

/** So that types of several kinds can stand in one list; whoever asks goes by `kind`. */
export function actionType<A extends Action>(type: ActionType<A>): ActionType {
  return type as unknown as ActionType;
}
