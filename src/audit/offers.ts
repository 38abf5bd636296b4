/** What modules offer, remembered with their content. */
import { compareOffered, type ExportComparison, type Offered, offered } from '../code/similar/exports-of.ts';
import type { Code } from './code-model.ts';

export function offersOf(path: string, code: Code): Offered {
  return code.answer(path, 'offers', () => offered(code.structureOf(path)));
}

export function compareOffers(a: string, b: string, code: Code): ExportComparison {
  return compareOffered(offersOf(a, code), offersOf(b, code));
}
