/**
 * What reading a file depends on. While expressions are evaluated, the file in which they stand is the one at which the
 * evaluator stands; whatever it looks at from there is noted. What is known of an expression already is noted by its file: so
 * the files that a reading depends on are those that can be reached from its own by what was noted.
 */

export interface Trail {
  /** Goes to a file, on behalf of the one before; gives that back for `leave`. */
  enter(file: string): string;
  leave(back: string): void;
  readonly at: string;
  /** The facts or the text of a file are looked at. */
  look(file: string): void;
  /** Something is asked of the whole project: `call connect`, `set DATABASE_URL`, `has app/db.py`. */
  ask(question: string): void;
  readonly looked: ReadonlyMap<string, ReadonlySet<string>>;
  readonly asked: ReadonlyMap<string, ReadonlySet<string>>;
}

export function openTrail(): Trail {
  const looked = new Map<string, Set<string>>();
  const asked = new Map<string, Set<string>>();
  let at = '';
  let last = '';
  const look = (file: string): void => {
    if (file === at || file === last) return;
    last = file;
    add(looked, at, file);
  };
  return {
    looked,
    asked,
    get at() {
      return at;
    },
    look,
    ask: (question) => add(asked, at, question),
    enter(file) {
      const back = at;
      look(file);
      at = file;
      last = '';
      return back;
    },
    leave(back) {
      at = back;
      last = '';
    },
  };
}

function add(to: Map<string, Set<string>>, key: string, value: string): void {
  const set = to.get(key);
  if (set === undefined) to.set(key, new Set([value]));
  else set.add(value);
}
