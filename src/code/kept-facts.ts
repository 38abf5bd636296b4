/**
 * Facts that an earlier run read, in a form that costs nothing until it is looked at: a few words for each file, the rest as JSON that
 * is parsed when one of its lists is asked for. Assignments and statements of code are not kept: reading the file again
 * is as fast as reading them from JSON.
 */
import { type Draft, emptyFacts } from './empty-facts.ts';
import type { FileFacts, LanguageId, ReadQuality } from './facts.ts';

/** What is known of a kept file without looking at the rest. */
export interface KeptHead {
  readonly language: LanguageId;
  readonly read: ReadQuality;
  readonly lines: number;
  readonly problem?: string;
  /** Sum of FLAGS and of a bit for each list that is not empty. */
  readonly bits: number;
}

const RUNNABLE = 1;
const GENERATED = 2;
const STUBS = 4;
const LISTS = [
  'imports',
  'exports',
  'scopes',
  'assigns',
  'statements',
  'texts',
  'sql',
  'variables',
  'commands',
  'places',
  'tables',
  'references',
  'settings',
] as const;
type List = (typeof LISTS)[number];
const bitOf = (list: List): number => 8 << LISTS.indexOf(list);

/** Bulky lists of code. */
const STRUCTURE: ReadonlySet<List> = new Set<List>(['scopes', 'assigns', 'statements']);
const CODE: ReadonlySet<LanguageId> = new Set<LanguageId>(['python', 'typescript', 'php']);
const isStructured = ({ language, read }: Pick<FileFacts, 'language' | 'read'>): boolean =>
  CODE.has(language) && read !== 'outline' && read !== 'none';

const NONE: readonly never[] = [];

export interface Kept {
  readonly head: KeptHead;
  readonly rest: string;
}

/** The words and the rest of a file's facts. */
export function keepFacts(facts: FileFacts): Kept {
  if (facts instanceof KeptFacts) return facts.kept();
  let bits = 0;
  if (facts.runnable === true) bits += RUNNABLE;
  if (facts.generated === true) bits += GENERATED;
  if (facts.exports.some(({ stub }) => stub === true)) bits += STUBS;
  const rest: Partial<Draft> = {};
  for (const list of LISTS) {
    const found = facts[list];
    if (found === undefined || (found.length === 0 && list !== 'settings')) continue;
    bits += bitOf(list);
    if (!(STRUCTURE.has(list) && isStructured(facts))) Object.assign(rest, { [list]: found });
  }
  const { language, read, lines, problem } = facts;
  return {
    head: { language, read, lines, bits, ...(problem === undefined ? {} : { problem }) },
    rest: Object.keys(rest).length === 0 ? '' : JSON.stringify(rest),
  };
}

/** What `keepFacts` leaves out, as JSON; '' where it leaves out nothing. */
export function keepStructure(facts: FileFacts): string {
  if (!isStructured(facts)) return '';
  const { scopes, assigns, statements } = facts;
  return JSON.stringify({ scopes, assigns, statements });
}

/** The facts of which `keepFacts` and `keepStructure` gave the parts. */
export function wholeFacts({ head, rest }: Kept, structure: string): FileFacts {
  const { language, read, lines, problem, bits } = head;
  return {
    ...emptyFacts(language, read, lines),
    ...(problem === undefined ? {} : { problem }),
    ...((bits & RUNNABLE) === 0 ? {} : { runnable: true }),
    ...((bits & GENERATED) === 0 ? {} : { generated: true }),
    ...(rest === '' ? {} : (JSON.parse(rest) as Partial<FileFacts>)),
    ...(JSON.parse(structure) as Pick<FileFacts, 'scopes' | 'assigns' | 'statements'>),
  };
}

/** `rest`: what `keepFacts` gave. `whole`: reads the file again, for what was not kept. */
export function openKept(head: KeptHead, rest: () => string, whole: () => FileFacts): FileFacts {
  return new KeptFacts(head, rest, whole);
}

/** Whether the lists of these facts' structure are in them. */
export const isKept = (facts: FileFacts): boolean => facts instanceof KeptFacts;

/** Whether some export of a file is a stand-in; kept facts tell without reading their exports. */
export function hasStubs(facts: FileFacts): boolean {
  return facts instanceof KeptFacts ? facts.hasStubs : facts.exports.some(({ stub }) => stub === true);
}

class KeptFacts implements FileFacts {
  readonly language: LanguageId;
  readonly read: ReadQuality;
  readonly lines: number;
  declare readonly problem?: string;
  declare readonly runnable?: true;
  declare readonly generated?: true;
  readonly #head: KeptHead;
  readonly #text: () => string;
  readonly #whole: () => FileFacts;
  #rest: Partial<FileFacts> | undefined;

  constructor(head: KeptHead, rest: () => string, whole: () => FileFacts) {
    this.language = head.language;
    this.read = head.read;
    this.lines = head.lines;
    if (head.problem !== undefined) this.problem = head.problem;
    if ((head.bits & RUNNABLE) !== 0) this.runnable = true;
    if ((head.bits & GENERATED) !== 0) this.generated = true;
    this.#head = head;
    this.#text = rest;
    this.#whole = whole;
  }

  get hasStubs(): boolean {
    return (this.#head.bits & STUBS) !== 0;
  }
  kept(): Kept {
    return { head: this.#head, rest: this.#text() };
  }
  get imports(): FileFacts['imports'] {
    return this.#list('imports');
  }
  get exports(): FileFacts['exports'] {
    return this.#list('exports');
  }
  get scopes(): FileFacts['scopes'] {
    return this.#list('scopes');
  }
  get assigns(): FileFacts['assigns'] {
    return this.#list('assigns');
  }
  get statements(): FileFacts['statements'] {
    return this.#list('statements');
  }
  get texts(): FileFacts['texts'] {
    return this.#list('texts');
  }
  get sql(): FileFacts['sql'] {
    return this.#list('sql');
  }
  get variables(): FileFacts['variables'] {
    return this.#list('variables');
  }
  get commands(): FileFacts['commands'] {
    return this.#list('commands');
  }
  get places(): FileFacts['places'] {
    return this.#list('places');
  }
  get tables(): FileFacts['tables'] {
    return this.#list('tables');
  }
  get references(): FileFacts['references'] {
    return this.#list('references');
  }
  // Absent in most files, and then not an empty list.
  get settings(): NonNullable<FileFacts['settings']> {
    return ((this.#head.bits & bitOf('settings')) === 0 ? undefined : this.#list('settings')) as never;
  }

  #list<L extends List>(list: L): NonNullable<FileFacts[L]> {
    if ((this.#head.bits & bitOf(list)) === 0) return NONE as never;
    if (STRUCTURE.has(list) && isStructured(this)) return this.#whole()[list] as never;
    if (this.#rest === undefined) {
      const text = this.#text();
      this.#rest = text === '' ? {} : (JSON.parse(text) as Partial<FileFacts>);
    }
    return (this.#rest[list] ?? NONE) as never;
  }
}
