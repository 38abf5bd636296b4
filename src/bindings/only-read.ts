/**
 * SQLite makes the file that it is asked to open. Where it is absent, and all that is done with it is reading tables that nobody
 * makes, no program begins with it: the line leaves an empty file and fails. Such a store is missing, not made when it runs.
 */
import type { Binding } from './model.ts';

/** A binding with the engine that opens it. */
export interface Opened {
  readonly binding: Binding;
  readonly engine: string;
}

/** Statements that cannot be read here, what makes tables without SQL, and lines that look first whether the file is there. */
const MAY_MAKE =
  /executescript|create_all|to_sql|\.backup\(|\.exec\(|migrat|\.load(?:Extension)?\(|copy2?\(|copyfile|copyFile|\.copy\(|writeFile|exists(?:Sync)?\(|isfile\(|is_file\(|file_exists|fileMustExist/;
/** Longer files are not looked through. */
const MOST_LINES = 3_000;

export function withoutMakers(
  opened: readonly Opened[],
  lineOf: (file: string, line: number) => string,
): readonly Binding[] {
  const byPath = new Map<string, Opened[]>();
  for (const one of opened) {
    const { target } = one.binding;
    if (target.kind !== 'runtime' && target.kind !== 'missing') continue;
    byPath.set(target.path, [...(byPath.get(target.path) ?? []), one]);
  }
  const missing = new Set<string>();
  for (const [path, all] of byPath) if (all.every((one) => onlyReads(one, lineOf))) missing.add(path);
  return opened.map(({ binding }) => {
    const { target, confidence } = binding;
    if (target.kind !== 'runtime' || !missing.has(target.path)) return binding;
    return {
      ...binding,
      target: { kind: 'missing', path: target.path },
      confidence: confidence === 'proven' ? 'likely' : confidence,
      evidence: [...binding.evidence, { text: 'only read, and nothing here makes it: the line leaves an empty file' }],
    };
  });
}

function onlyReads({ binding, engine }: Opened, lineOf: (file: string, line: number) => string): boolean {
  const { tables, access, path, purpose } = binding;
  if (engine !== 'sqlite' || purpose === 'test' || purpose === 'migration') return false;
  // Asking which tables and columns there are succeeds in an empty file.
  const fails = tables.some((use) => !/^sqlite_/i.test(use.table) && !/\bpragma\b/i.test(lineOf(use.path, use.line)));
  if (!fails || access.some((one) => one !== 'read')) return false;
  for (let line = 1; line <= MOST_LINES; line++) {
    if (MAY_MAKE.test(lineOf(path, line))) return false;
  }
  return lineOf(path, MOST_LINES + 1) === '';
}
