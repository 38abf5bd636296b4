import type { ExportForm } from '../../exports/model.ts';

/** How values of a ledger are written: nothing is refused, nothing is made nice. */
export const EXACT: ExportForm = {
  format: 'jsonl',
  blobs: 'hex',
  oddText: 'escape',
  csv: { delimiter: ',', bom: false, eol: 'lf', nulls: '', formulas: 'as-is' },
};
