/** Boxes for what code opens and the audit found no store for: absent files, servers, memory, what cannot be told. */
import { groupBy } from '../../audit/group-by.ts';
import { count } from '../../audit/wording.ts';
import type { Binding, BindingTarget } from '../../bindings/model.ts';
import type { StoreBox } from './store-boxes.ts';
import { folderOf } from './store-label.ts';

/** Fewer files of a folder than this that a program makes are shown one by one. */
const LEAST_MADE = 4;

/** Folder → how many files in it programs make, where these share a box. */
export function madeTogether(bindings: readonly Binding[]): ReadonlyMap<string, number> {
  const paths = new Set(bindings.flatMap(({ target }) => (target.kind === 'runtime' ? [target.path] : [])));
  const folders = groupBy([...paths], folderOf);
  return new Map([...folders].flatMap(([folder, all]) => (all.length < LEAST_MADE ? [] : [[folder, all.length]])));
}

export function otherBox(target: BindingTarget, together: ReadonlyMap<string, number>): StoreBox {
  const folder = target.kind === 'runtime' ? folderOf(target.path) : '';
  const files = together.get(folder);
  const named = namedOther(target);
  const { key, label } = files === undefined ? named : { key: folder, label: `${count(files, 'file')} in ${folder}` };
  const whole = `other ${target.kind === 'temporary' ? 'memory' : target.kind} ${key}`;
  return {
    key: whole,
    kind: 'other',
    stores: [],
    name: label,
    label,
    where: named.where,
    facts: named.facts,
    primary: false,
    bytes: 0,
    findings: [],
    worst: null,
    group: whole,
  };
}

interface OtherName {
  /** What makes it one thing. */
  readonly key: string;
  readonly label: string;
  /** What it is, in two short lines. */
  readonly where: string;
  readonly facts: string;
}

function namedOther(target: BindingTarget): OtherName {
  switch (target.kind) {
    case 'store':
      return { key: target.store, label: target.store, where: 'not among the stores', facts: '' };
    case 'missing':
      return { key: target.path, label: target.path, where: 'is not there', facts: 'and nothing makes it' };
    case 'runtime':
      return { key: target.path, label: target.path, where: 'is not there', facts: 'made when the program runs' };
    case 'family':
      return { key: target.pattern, label: target.pattern, where: 'no store has a name like it', facts: '' };
    case 'outside':
      return { key: target.path, label: target.path, where: 'outside the project', facts: '' };
    case 'server': {
      const { engine, url, variable } = target;
      const facts = variable === undefined ? '' : `address from ${variable}`;
      return { key: `${engine} ${url ?? variable ?? ''}`, label: url ?? engine, where: `${engine} server`, facts };
    }
    case 'memory':
    case 'temporary':
      return { key: '', label: 'in memory, or temporary', where: 'gone when the program ends', facts: '' };
    case 'unknown':
      return { key: '', label: 'cannot be told', where: 'depends on what is', facts: 'not in the files' };
  }
}

/** What a line opens that is no store of the project, in the list of bindings. */
export function targetWords(target: BindingTarget): string {
  if (target.kind === 'unknown') return `cannot be told: ${target.why}`;
  if (target.kind === 'memory') return 'a database in memory';
  if (target.kind === 'temporary') return `${target.path}, temporary`;
  const { label, where, facts } = namedOther(target);
  return `${label}: ${[where, facts].filter((part) => part !== '').join(', ')}`;
}
