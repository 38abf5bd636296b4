/** The functions and classes of a file by their lines: what names a place of it when lines have moved. */
import type { FileFacts } from '../code/facts.ts';
import type { NamedScope } from './code-model.ts';

export function namedScopes({ scopes }: Pick<FileFacts, 'scopes'>): readonly NamedScope[] {
  return scopes.flatMap(({ kind, name, at, lastLine }) =>
    kind === 'module' || name === '' ? [] : [{ name, lines: [at[2], lastLine] as const }],
  );
}
