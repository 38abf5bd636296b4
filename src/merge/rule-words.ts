/** The rules of a ledger in words: why rows stayed out, and by what a value won. */

const RETAINED: Readonly<Record<string, string>> = {
  'two-matches': 'they match two rows',
  'required-column': 'a required value is missing',
  refused: 'refused',
  'would-change': 'a value would be changed by the type of its column',
  'parent-retained': 'what they refer to stays out',
  'key-taken': 'another row has their key',
  'deleted-in-target': 'deleted in the target',
};

const WON: Readonly<Record<string, string>> = {
  ancestor: 'only it changed since an earlier state',
  key: 'rows are named by it',
  'would-change': 'the other one would be changed by the type of the column',
};

export function retainedWords(rule: string): string {
  return RETAINED[rule] ?? rule;
}

/** A policy is called what the plan calls it. */
export function wonWords(rule: string): string {
  return WON[rule] ?? `policy ${rule}`;
}
