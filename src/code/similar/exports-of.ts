/** What two modules offer, side by side: before one of them goes, what only it has must be known (traps C6 and C8). */
import type { ExportFact, FileFacts } from '../facts.ts';

export interface ExportComparison {
  /** Members of classes that both have are named with them: `Database.getPool`. Ordered by name. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
  readonly both: readonly string[];
  /** In both, but not of one kind: `async function` and `function`, `class` and `stub value`. */
  readonly kindDiffers: readonly { readonly name: string; readonly a: string; readonly b: string }[];
  /** It hands on names that this file does not show (`export *`, a star import): what only the other has may be among them. */
  readonly openA?: true;
  readonly openB?: true;
}

/** What a module offers, as plain data. */
export interface Offered {
  /** Name → kind in words. */
  readonly names: readonly (readonly [name: string, kind: string])[];
  readonly open: boolean;
}

/** Of the full structure of a file. */
export function offered(facts: FileFacts): Offered {
  return { names: [...offersOf(facts)], open: isOpen(facts) };
}

export function compareExports(a: FileFacts, b: FileFacts): ExportComparison {
  return compareOffered(offered(a), offered(b));
}

export function compareOffered(a: Offered, b: Offered): ExportComparison {
  const [offersA, offersB] = [new Map(a.names), new Map(b.names)];
  // A class that one side lacks is one loss, not one for each of its members.
  const lacksClass = (name: string, other: ReadonlyMap<string, string>): boolean =>
    name.includes('.') && !other.has(name.slice(0, name.indexOf('.')));
  const only = (mine: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): readonly string[] =>
    [...mine.keys()].filter((name) => !other.has(name) && !lacksClass(name, other)).sort();
  const both = [...offersA.keys()].filter((name) => offersB.has(name)).sort();
  const kindDiffers = both.flatMap((name) => {
    const [kindA, kindB] = [offersA.get(name) as string, offersB.get(name) as string];
    return kindA === kindB || kindA === 'reexport' || kindB === 'reexport' ? [] : [{ name, a: kindA, b: kindB }];
  });
  return {
    onlyA: only(offersA, offersB),
    onlyB: only(offersB, offersA),
    both,
    kindDiffers,
    ...(a.open ? { openA: true as const } : {}),
    ...(b.open ? { openB: true as const } : {}),
  };
}

/** Name → kind in words. A name that is declared twice is what it was declared as last. */
function offersOf(facts: FileFacts): ReadonlyMap<string, string> {
  const offers = new Map<string, string>();
  const classes = new Map<string, string>();
  for (const fact of facts.exports) {
    if (fact.name === '*') continue;
    offers.set(fact.name, kindOf(fact));
    if (fact.kind === 'class') classes.set(fact.local ?? fact.name, fact.name);
  }
  facts.scopes.forEach(({ kind, name, parent, async }) => {
    const around = kind === 'function' && name !== '' ? facts.scopes[parent] : undefined;
    const exported = around?.kind === 'class' ? classes.get(around.name) : undefined;
    // What every class has, and what is nobody else's business.
    if (exported === undefined || /^(?:__\w+__|constructor|_.*|#.*)$/.test(name)) return;
    offers.set(`${exported}.${name}`, async === true ? 'async function' : 'function');
  });
  return offers;
}

function kindOf({ kind, async, stub }: ExportFact): string {
  return `${stub === true ? 'stub ' : ''}${async === true ? 'async ' : ''}${kind}`;
}

function isOpen({ exports, imports, language }: FileFacts): boolean {
  if (exports.some(({ name }) => name === '*')) return true;
  return language === 'python' && imports.some(({ names }) => names.some(({ name }) => name === '*'));
}
