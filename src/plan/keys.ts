/** The keys of a plan file: what each may hold, and whether it has an effect. Reading, writing, hashing and comparing go by these lists. */

export type KeyType =
  | 'text'
  /** Of several lines, kept as they are. */
  | 'content'
  | 'path'
  | 'paths'
  | 'texts'
  | 'names'
  /** A number of files, or their paths. */
  | 'files'
  | 'flag'
  | 'number'
  | 'date'
  | 'risk'
  | 'left'
  /** Decision → choice or choices. */
  | 'needs'
  /** What becomes of the tables of a merge. */
  | 'merge-tables';

export interface KeySpec {
  readonly name: string;
  readonly type: KeyType;
  /** `effect`: edited by people, part of the plan's hash. `note`: edited by people, no effect. `generated`: written anew each time. */
  readonly as: 'effect' | 'note' | 'generated';
  readonly required?: true;
}

/** Of every action, in the order in which they are written; the keys of its kind stand behind its subject. */
export const ACTION_KEYS: readonly KeySpec[] = [
  { name: 'id', type: 'text', as: 'generated', required: true },
  { name: 'except', type: 'paths', as: 'effect' },
  { name: 'files', type: 'files', as: 'effect' },
  { name: 'references', type: 'text', as: 'generated' },
  { name: 'left', type: 'left', as: 'generated' },
  { name: 'after', type: 'names', as: 'effect' },
  { name: 'needs', type: 'needs', as: 'generated' },
  { name: 'reason', type: 'text', as: 'note' },
  { name: 'undo', type: 'text', as: 'generated' },
  { name: 'takes', type: 'text', as: 'generated' },
  { name: 'risk', type: 'risk', as: 'generated' },
  { name: 'risks', type: 'texts', as: 'generated' },
  { name: 'done', type: 'text', as: 'generated' },
  { name: 'blocked', type: 'text', as: 'generated' },
  { name: 'skip', type: 'flag', as: 'effect' },
  { name: 'phase', type: 'number', as: 'effect' },
  { name: 'owner', type: 'text', as: 'note' },
  { name: 'due', type: 'date', as: 'note' },
  { name: 'docs', type: 'flag', as: 'effect' },
];

export const DECISION_KEYS: readonly string[] = ['decision', 'question', 'evidence', 'proposal', 'choices', 'chosen'];
export const APPROVAL_KEYS: readonly string[] = ['by', 'at', 'hash', 'code'];
export const POLICY_KEYS: readonly string[] = ['require-approval', 'target', 'keep', 'docs'];
export const PLAN_KEYS: readonly string[] = [
  'version',
  'plan',
  'policy',
  'decisions',
  'actions',
  'left',
  'checks',
  'measures',
  'approvals',
];
