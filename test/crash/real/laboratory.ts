/** Two benches with the same project and the same plan, what the plan makes of it, and how often it may be interrupted. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, openBench } from './bench.ts';
import { bundleCli } from './bundle-cli.ts';
import { killingGit } from './git.ts';
import type { Counted, Told } from './killed-cli.ts';
import { buildProject, writeLater } from './project.ts';

export const APPLY: readonly string[] = ['apply', '--yes'];
export const ROLLBACK: readonly string[] = ['rollback', '--yes'];
/** With rows that were written since, back into the stores that had them. */
export const CARRY: readonly string[] = ['rollback', '--yes', '--later', 'carry'];
const CONTINUE = ['apply', '--continue'];
const NEVER = 1_000_000;

export interface Laboratory {
  readonly benches: readonly Bench[];
  readonly apply: Counted & { readonly git: number };
  readonly rollback: Counted;
  readonly carry: Counted;
  /** Goes on from what a killed process left: once to the end of the plan, once back; what is wrong with either. */
  bothWays(bench: Bench, what: string): Promise<readonly string[]>;
  /** Goes on from a killed rollback that carries rows back: every row is where it would be, the stores to the byte. */
  carriedOn(bench: Bench, what: string): Promise<readonly string[]>;
  close(): void;
}

/** Where a process is interrupted. */
export interface Point {
  readonly args: readonly string[];
  readonly told?: Told;
  /** In which command of git. */
  readonly git?: number;
}

export async function openLaboratory(): Promise<Laboratory> {
  const cli = await bundleCli();
  const [one, other] = [openBench(cli.program), openBench(cli.program)];
  const close = (): void => {
    for (const bench of [one, other]) bench.close();
    cli.remove();
  };
  try {
    buildProject(one.root);
    await one.good(['plan', '--from', join(one.root, 'desprawl-plan.yaml')]);
    one.keep('planned');
    const first = one.tree();
    await one.good(APPLY);
    const planned = one.tree();
    one.keep('applied');
    const rollback = await one.count(ROLLBACK);
    const problems = difference('back', first, one.tree());
    if (problems.length > 0) throw new Error(problems.join('\n'));
    one.bring('planned');
    const git = killingGit(one.beside, NEVER);
    const apply = await one.count(APPLY, git.path);
    // Times that no plan names differ from run to run.
    const twice = new Set(one.tree());
    const free = new Set(planned.filter((line) => !twice.has(line)).map(nameOf));
    one.bring('planned');
    other.takeProject(one.root);
    await other.good(['plan', '--from', join(other.root, 'desprawl-plan.yaml')]);
    other.takeProject(one.root);
    other.keep('planned');
    await other.good(APPLY);
    other.keep('applied');
    const isPlanned = isLike('forward', planned, free);
    const isFirst = (lines: readonly string[]) => difference('back', first, lines);
    for (const bench of [one, other]) {
      bench.bring('applied');
      writeLater(bench.root);
      bench.keep('written');
    }
    const carry = await one.count(CARRY);
    const carried = one.tree();
    await other.good(CARRY);
    const again = new Set(other.tree());
    const isCarried = isLike('carried', carried, new Set(carried.filter((line) => !again.has(line)).map(nameOf)));
    if (isCarried(other.tree()).length > 0) throw new Error(isCarried(other.tree()).join('\n'));
    if (isFirst(carried).length === 0) throw new Error('no row was carried');
    return {
      benches: [one, other],
      apply: { ...apply, git: readFileSync(git.counter).length },
      rollback,
      carry,
      carriedOn: async (bench, what) => {
        const { runs, waiting } = bench.runs();
        const isBack = runs.some(({ header, status }) => header.kind === 'rollback' && status.is !== 'prepared');
        const wrong: string[] = [];
        const args = !isBack ? CARRY : waiting === null ? null : CONTINUE;
        const ended = args === null ? null : await bench.run(args);
        if (ended !== null && ended.code !== 0)
          wrong.push(`${args?.join(' ')} ended with ${ended.code}: ${ended.said}`);
        wrong.push(...isCarried(bench.tree()), ...bench.leftovers(args === null ? [] : ['held']));
        return wrong.map((line) => `${what}: ${line}`);
      },
      bothWays: async (bench, what) => {
        bench.keep('killed');
        const { runs, waiting } = bench.runs();
        const isBack = runs.some(({ header, status }) => header.kind === 'rollback' && status.is !== 'prepared');
        const isApplied = waiting === null && runs.some(({ status: { is } }) => is === 'applied' || is === 'verified');
        const wrong: string[] = [];
        const go = async (args: readonly string[] | null, compare: typeof isFirst): Promise<void> => {
          const ended = args === null ? null : await bench.run(args);
          if (ended !== null && ended.code !== 0)
            wrong.push(`${args?.join(' ')} ended with ${ended.code}: ${ended.said}`);
          wrong.push(...compare(bench.tree()));
          // Copies of a killed process are removed by the next one that makes any; a rollback makes none.
          const left = args === null ? [] : args === ROLLBACK ? (['held'] as const) : (['held', 'copies'] as const);
          wrong.push(...bench.leftovers(left));
        };
        // A rollback that waits is finished; where one has ended, or nothing begun, there is nothing left to do.
        if (isBack) await go(waiting === null ? null : CONTINUE, isFirst);
        else await go(waiting !== null ? CONTINUE : isApplied ? null : APPLY, isPlanned);
        bench.bring('killed');
        if (!isBack) await go(waiting === null && !isApplied ? null : ROLLBACK, isFirst);
        return wrong.map((line) => `${what}: ${line}`);
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Brings the state that a point begins with, and interrupts. Returns whether the process was killed. */
export async function interrupt(bench: Bench, { args, told, git }: Point): Promise<boolean> {
  bench.bring(args === APPLY ? 'planned' : args === CARRY ? 'written' : 'applied');
  const killer = git === undefined ? undefined : killingGit(bench.beside, git);
  const ended = await bench.run(args, told, killer?.path);
  if (killer !== undefined && ended.signal !== null) await until(() => existsSync(killer.ended));
  return ended.signal === 'SIGKILL';
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds() && waited < 10_000; waited += 20) await new Promise((later) => setTimeout(later, 20));
}

function nameOf(line: string): string {
  return line.split(' ')[0] ?? '';
}

function withoutTime(line: string): string {
  const [name, kind, mode, owner, _time, ...rest] = line.split(' ');
  return [name, kind, mode, owner, ...rest].join(' ');
}

/** What is found is what was wanted, but for the times of these names. */
function isLike(way: string, wanted: readonly string[], free: ReadonlySet<string>) {
  const timeless = (lines: readonly string[]): readonly string[] =>
    lines.map((line) => (free.has(nameOf(line)) ? withoutTime(line) : line));
  return (found: readonly string[]): readonly string[] => difference(way, timeless(wanted), timeless(found));
}

function difference(way: string, wanted: readonly string[], found: readonly string[]): readonly string[] {
  const [a, b] = [new Set(wanted), new Set(found)];
  return [
    ...wanted.filter((line) => !b.has(line)).map((line) => `${way} - ${line}`),
    ...found.filter((line) => !a.has(line)).map((line) => `${way} + ${line}`),
  ];
}
