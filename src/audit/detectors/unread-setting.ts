/** Settings that nobody reads, and options that are accepted and ignored (trap C16). */
import type { FileFacts } from '../../code/facts.ts';
import { optionsNeverRead } from '../../code/roles/options-never-read.ts';
import type { Code, VariableSite } from '../code-model.ts';
import { groupBy } from '../group-by.ts';
import type { Detector, Facts } from '../model.ts';
import { isAside } from '../set-aside.ts';
import { unreadSettings } from '../unread-settings.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

export const unreadSetting: Detector = {
  doc: {
    code: 'unread-setting',
    title: 'A setting or option that nothing reads',
    severity: 'high',
    when: 'A file of settings gives a variable a value and no code, script or configuration mentions it again; or a program accepts an option and never looks at it. One finding per file; high for an option such as `--dry-run`.',
    why: 'Somebody changes the setting and believes that it does something. A `--dry-run` that is accepted and ignored does the real thing.',
    fix: 'Remove the setting, or read it where it was meant. Make the option work before anybody relies on it.',
    not: 'Projects that read no variables, variables that images, runtimes and frameworks read (POSTGRES_*, NODE_ENV, TZ …), example files, options of programs that hand them all to other code.',
  },
  detect(facts) {
    const settings = groupBy(unreadSettings(facts), ({ path }) => path);
    const options = groupBy(unreadOptions(facts), ({ path }) => path);
    return [
      ...[...options].map(([path, unread]) => ignored(path, unread)),
      ...[...settings].map(([path, unread]) => idle(path, unread)),
    ];
  },
};

interface UnreadOption {
  /** `--dry-run`. */
  readonly option: string;
  readonly path: string;
  readonly line: number;
}

function unreadOptions({ code }: Facts): readonly UnreadOption[] {
  return [...code.files].flatMap(([path, facts]) =>
    isAside(path, facts)
      ? []
      : neverRead(path, facts, code).map(({ name, line }) => ({
          option: name.startsWith('-') ? name : `--${name}`,
          path,
          line,
        })),
  );
}

function neverRead(
  path: string,
  facts: FileFacts,
  code: Code,
): readonly { readonly name: string; readonly line: number }[] {
  return code.answer(path, 'options never read', () =>
    optionsNeverRead(facts).map(({ name, line }) => ({ name, line })),
  );
}

const PROMISES_SAFETY =
  /^--(?:no-)?(?:dry[-_]?run|dryrun|simulate|what-?if|preview|check(?:-only)?|read-?only|no-?act|pretend|backup)$/i;

function ignored(path: string, unread: readonly UnreadOption[]): Draft {
  const dangerous = unread.filter(({ option }) => PROMISES_SAFETY.test(option));
  const names = unread.map(({ option }) => option);
  return {
    severity: dangerous.length > 0 ? 'high' : 'low',
    confidence: 'likely',
    message: `${path} accepts ${list(names)} and ignores ${names.length === 1 ? 'it' : 'them'}.`,
    at: unread.map(({ line }) => ({ path, line })),
    evidence: [
      ...unread.slice(0, 8).map(({ option, line }) => `${option} is declared at ${path}:${line}`),
      'nothing in this file reads what was given for it',
    ],
    consequence:
      dangerous.length > 0
        ? `Whoever runs it with ${dangerous[0]?.option} gets the real thing.`
        : 'Whoever uses the option believes that it does something.',
    action: 'Make the program heed the option, or refuse it.',
  };
}

function idle(path: string, unread: readonly VariableSite[]): Draft {
  const names = [...new Set(unread.map(({ name }) => name))];
  return {
    severity: 'low',
    confidence: 'likely',
    message: `${path} sets ${count(names.length, 'variable')} that nothing reads: ${list(names)}.`,
    at: unread.map(({ line }) => ({ path, line })),
    evidence: names
      .slice(0, 12)
      .map((name) => `${name} is set at ${path}:${unread.find((one) => one.name === name)?.line}`),
    consequence: `Whoever changes ${names.length === 1 ? 'it' : 'one of them'} believes that it does something.`,
    action:
      names.length === 1
        ? 'Remove it, or read it where it was meant.'
        : 'Remove them, or read them where they were meant.',
  };
}
