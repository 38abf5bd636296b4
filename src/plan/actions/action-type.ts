/** What there is to know about a kind of action. A new kind is a file here, a compiler, and a line in `index.ts`. */
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

/** So that types of several kinds can stand in one list; whoever asks goes by `kind`. */
export function actionType<A extends Action>(type: ActionType<A>): ActionType {
  return type as unknown as ActionType;
}
