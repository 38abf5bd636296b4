/** Puts new texts in the places of old ones. All edits of a file, from whatever actions, are spliced at once: none sees another's result. */
import { DesprawlError } from '../errors.ts';

/** Offsets of UTF-16 units in the text as it was before, end exclusive. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly with: string;
  /** `import`, `path of a store`: one or two words for the list of hunks. */
  readonly why: string;
  /** Id of the plan's action. */
  readonly action: string;
}

/** In the order of the text; what two actions want alike stands once. Throws `DSP-PLAN-INVALID` where edits overlap, naming both actions. */
export function inOrder<E extends Edit>(edits: readonly E[], path: string): readonly E[] {
  const sorted = [...edits].sort((x, y) => x.start - y.start || x.end - y.end);
  const kept: E[] = [];
  for (const edit of sorted) {
    const last = kept.at(-1);
    if (last === undefined || !overlap(last, edit)) {
      kept.push(edit);
    } else if (last.start !== edit.start || last.end !== edit.end || last.with !== edit.with) {
      throw new DesprawlError(
        'DSP-PLAN-INVALID',
        `${last.action} and ${edit.action} both edit ${path} at ${edit.start}: ${shown(last)}, ${shown(edit)}.`,
        { hint: 'Leave one of the two actions out with `skip: true`, or put them into different phases.' },
      );
    }
  }
  return kept;
}

/** Throws as `inOrder`, and `RangeError` for an edit that is not within the text: a bug of whoever planned it. */
export function splice(text: string, edits: readonly Edit[], path = 'the text'): string {
  let result = '';
  let at = 0;
  for (const { start, end, with: by } of inOrder(edits, path)) {
    if (start < 0 || end < start || end > text.length) throw new RangeError(`${path} has no ${start} to ${end}`);
    result += text.slice(at, start) + by;
    at = end;
  }
  return result + text.slice(at);
}

/** Two insertions at one place overlap: nobody could say which comes first. */
function overlap(a: Edit, b: Edit): boolean {
  return b.start < a.end || (a.start === b.start && (a.start === a.end) === (b.start === b.end));
}

const shown = ({ with: by }: Edit): string => JSON.stringify(by.length > 60 ? `${by.slice(0, 57)}…` : by);
