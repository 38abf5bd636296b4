/** What planning needs to know of an export that shall be made anew. Whoever plans is given it: planning opens nothing itself. */
import type { ExportSpec, Lost } from '../exports/model.ts';
import type { MergeSpec } from '../merge/model.ts';
import type { MergeAncestor } from '../merge/propose/model.ts';

export interface ExportAsked {
  /** Of the file that is there. */
  readonly path: string;
  readonly spec: ExportSpec;
  /** What changes its store before; `null`: nothing. */
  readonly after: {
    readonly target: string;
    readonly spec: MergeSpec;
    readonly ancestors: readonly (MergeAncestor | null)[];
  } | null;
}

export type ExportTried =
  | { readonly is: 'equal' }
  | { readonly is: 'differs'; readonly lost: Lost }
  /** The file that is there cannot be read as a table. */
  | { readonly is: 'unreadable'; readonly why: string }
  /** It cannot be made. */
  | { readonly is: 'cannot'; readonly why: string };

export interface ExportPort {
  /** Each once. Throws `DSP-STORE-…`. */
  tryOut(asked: ExportAsked): Promise<ExportTried>;
}
