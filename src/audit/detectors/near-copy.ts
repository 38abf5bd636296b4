/** Files that repeat each other by what stands in them (traps C5, C6): names and folders say nothing. */
import { purposeOf } from '../../bindings/purpose.ts';
import type { SimilarPair } from '../../code/similar/model.ts';
import { isPutAway } from '../foreign-code.ts';
import { groupBy } from '../group-by.ts';
import type { Detector, Facts } from '../model.ts';
import { compareOffers } from '../offers.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

export const nearCopy: Detector = {
  doc: {
    code: 'near-copy',
    title: 'Source files repeat each other',
    severity: 'medium',
    when: 'Two or more source files share most of what stands in them. Files of equal bytes are told apart from those that drifted; what only one of them has is named.',
    why: 'A repair in one does not reach the other. Whoever removes the wrong one loses what only that had.',
    fix: 'Compare them, carry over what only one has, keep the one that programs reach.',
    not: 'Files that only share a name, migrations, tests and fixtures, generated files, type declarations, templates and examples, short files, folders that say of themselves that they are old.',
  },
  detect(facts) {
    // What was put away repeats what is in use: that is why it was put away.
    const pairs = facts.code.similar.filter(({ a, b }) => !isPutAway(a) && !isPutAway(b));
    const equal = pairs.filter((pair) => pair.equal === 'bytes');
    const drifted = pairs.filter((pair) => pair.equal !== 'bytes');
    return [
      ...families(drifted).map((family) => describeDrifted(family, facts)),
      ...trees(families(equal)).map((copied) => describeEqual(copied, facts)),
    ];
  },
};

interface Family {
  readonly files: readonly string[];
  /** Most similar first. */
  readonly pairs: readonly SimilarPair[];
}

function families(pairs: readonly SimilarPair[]): readonly Family[] {
  const parent = new Map<string, string>();
  const rootOf = (path: string): string => {
    let at = path;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    return at;
  };
  for (const { a, b } of pairs) {
    const [x, y] = [rootOf(a), rootOf(b)];
    if (!parent.has(x)) parent.set(x, x);
    parent.set(y, x);
  }
  const found = new Map<string, SimilarPair[]>();
  for (const pair of pairs) {
    const root = rootOf(pair.a);
    const list = found.get(root);
    if (list === undefined) found.set(root, [pair]);
    else list.push(pair);
  }
  return [...found.values()].map((list) => ({
    files: [...new Set(list.flatMap(({ a, b }) => [a, b]))].sort(),
    pairs: list.sort((x, y) => y.similarity - x.similarity || (x.a < y.a ? -1 : 1)),
  }));
}

const importers = (path: string, facts: Facts): number =>
  facts.code.graph.importers(path).filter((from) => purposeOf(from) !== 'test').length;

const percent = (share: number): string => `${Math.min(99, Math.round(share * 100))} %`;

function describeDrifted({ files, pairs }: Family, facts: Facts): Draft {
  const [first] = pairs as [SimilarPair];
  const used = files.filter((path) => importers(path, facts) > 0).length;
  const isApplication = files.filter((path) => purposeOf(path) === 'application').length > 1;
  const only = pairs.slice(0, 3).flatMap((pair) => onlyIn(pair, facts));
  const isRival = pairs.some((pair) => pair.equal === 'tokens' || offerTheSame(pair, facts));
  return {
    severity: isApplication && isRival && (used > 1 || only.length > 0) ? 'medium' : 'low',
    confidence: 'likely',
    message:
      files.length === 2
        ? `${files[0]} and ${files[1]} ${saying(first)}.`
        : `${count(files.length, 'file')} repeat each other: ${list(files)}.`,
    at: files.map((path) => ({ path })),
    evidence: [
      ...pairs.slice(0, 4).map((pair) => `${pair.a} and ${pair.b}: ${percent(pair.similarity)} in common`),
      ...(pairs.length > 4 ? [`and ${count(pairs.length - 4, 'more pair')}`] : []),
      ...only,
      ...files.slice(0, 4).map((path) => `${path}: ${count(importers(path, facts), 'importer')}`),
    ],
    consequence: 'They drift further apart: a repair in one does not reach the other.',
    action:
      only.length > 0
        ? 'Carry over what only one of them has before another is removed.'
        : 'Keep the one that programs reach; compare them before the other is removed.',
  };
}

function saying({ equal, similarity, ofA, ofB, a, b }: SimilarPair): string {
  if (equal === 'tokens') return 'differ in nothing but comments and spaces';
  if (similarity < 0.6) return ofA > ofB ? `share ${percent(ofA)} of ${a}` : `share ${percent(ofB)} of ${b}`;
  return `repeat each other (${percent(similarity)} in common)`;
}

/** Files of one pattern that offer different things do not stand in for each other. */
function offerTheSame({ a, b }: SimilarPair, { code }: Facts): boolean {
  return compareOffers(a, b, code).both.length > 0;
}

function onlyIn({ a, b }: SimilarPair, facts: Facts): readonly string[] {
  const { onlyA, onlyB, kindDiffers } = compareOffers(a, b, facts.code);
  return [
    ...(onlyA.length > 0 ? [`only ${a} has ${list(onlyA, 6)}`] : []),
    ...(onlyB.length > 0 ? [`only ${b} has ${list(onlyB, 6)}`] : []),
    ...kindDiffers.slice(0, 2).map(({ name, a: inA, b: inB }) => `${name}: ${inA} in ${a}, ${inB} in ${b}`),
  ];
}

/** Families of equal files that lie in the same places of the same folders: the folders were copied. */
function trees(equal: readonly Family[]): readonly (readonly Family[])[] {
  return [...groupBy(equal, ({ files }) => rootsOf(files).join('\n')).values()];
}

/** What is in front of the part of the path that all have in common. */
function rootsOf(files: readonly string[]): readonly string[] {
  const parts = files.map((path) => path.split('/'));
  let shared = 0;
  const shortest = Math.min(...parts.map(({ length }) => length));
  while (shared < shortest && new Set(parts.map((one) => one[one.length - 1 - shared])).size === 1) shared++;
  // Copies under other names have no root in common.
  return shared === 0 ? files : parts.map((one) => one.slice(0, one.length - shared).join('/') || '.');
}

function describeEqual(copied: readonly Family[], facts: Facts): Draft {
  const [{ files }] = copied as [Family];
  const used = files.filter((path) => importers(path, facts) > 0);
  const places = rootsOf(files);
  return {
    severity: 'low',
    confidence: 'proven',
    message:
      copied.length === 1
        ? `${list(files)} ${files.length === 2 ? 'are two copies' : `are ${files.length} copies`} of one file.`
        : `${count(copied.length, 'file')} are the same in ${list(places.map((place) => (place === '.' ? 'the root' : `${place}/`)))}.`,
    at: copied.flatMap((family) => family.files.map((path) => ({ path }))),
    evidence: [
      'equal byte for byte',
      ...(copied.length === 1
        ? files.slice(0, 6).map((path) => `${path}: ${count(importers(path, facts), 'importer')}`)
        : [
            list(
              copied.map((family) => family.files[0] as string),
              6,
            ),
          ]),
    ],
    consequence: 'The next change reaches one of them only.',
    action:
      copied.length === 1 && used.length === 1
        ? `Only ${used[0]} is imported: check what runs the ${files.length === 2 ? 'other by its path, then remove it' : 'others by their paths, then remove them'}.`
        : 'Keep one and let everybody use it.',
  };
}
