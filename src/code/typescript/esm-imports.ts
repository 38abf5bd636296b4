/** `import …` and `export … from`, `import()` and `import.meta`, read from the word `import` on. */
import type { ImportFact } from '../facts.ts';
import { stringValue, type Token, tokenAt } from './cursor.ts';
import { addImport, type ModuleDraft } from './module-draft.ts';
import { takenNames } from './taken-names.ts';

type Name = ImportFact['names'][number];

/** `{ a, b as c, type d, "e-f" as g }` from its `{` on: names, and where it ends. -1: it is something else. */
export function namedList(
  text: string,
  open: number,
):
  | { readonly names: readonly (Name & { readonly type: boolean; readonly at: Token })[]; readonly end: number }
  | undefined {
  const names: (Name & { type: boolean; at: Token })[] = [];
  let at = open + 1;
  for (;;) {
    let words: Token[] = [];
    let token = tokenAt(text, at);
    while (token.kind === 'word' || token.kind === 'string') {
      words.push(token);
      at = token.end;
      token = tokenAt(text, at);
    }
    let type = false;
    // `type` is a name too: `type`, `type as x`, `type as` (a type called as).
    if (words[0]?.v === 'type' && words.length > 1) {
      const renamed = words[1]?.v === 'as' && words.length === 3;
      if (!renamed) {
        type = true;
        words = words.slice(1);
      }
    }
    const [first, middle, last] = words;
    if (first !== undefined) {
      const name = spelled(first);
      if (words.length === 1) names.push({ name, as: name, type, at: first });
      else if (middle?.v === 'as' && last !== undefined && words.length === 3)
        names.push({ name, as: spelled(last), type, at: last });
      else return undefined;
    }
    at = token.end;
    if (token.v === '}') return { names, end: at };
    if (token.v !== ',') return undefined;
  }
}

function spelled(token: Token): string {
  return token.kind === 'string' ? stringValue(token) : token.v;
}

/** A module's spelling without its quotes. */
function addModule(
  draft: ModuleDraft,
  token: Token,
  fact: Omit<ImportFact, 'scope' | 'at' | 'guarded' | 'module'>,
): void {
  addImport(draft, { ...fact, module: stringValue(token) }, token.start + 1, token.end - 1);
}

/** Reads what follows the word `import` at `at`. */
export function readImport(draft: ModuleDraft, at: number, depth: number): void {
  const { text } = draft;
  let token = tokenAt(text, at + 6);
  if (token.v === '(') {
    readDynamic(draft, at, token, depth);
    return;
  }
  if (token.v === '.') {
    readMeta(draft, token);
    return;
  }
  if (token.kind === 'string') {
    addModule(draft, token, { names: [], kind: 'static' });
    return;
  }
  let type = false;
  const next = tokenAt(text, token.end);
  // `import type X`, `import type { X }`, `import type * as X`, but not `import type from`, `import type, { X }`.
  if (token.kind === 'word' && (token.v === 'type' || token.v === 'defer' || token.v === 'source')) {
    const after = tokenAt(text, next.end);
    if (next.v === '{' || next.v === '*' || (next.kind === 'word' && (next.v !== 'from' || after.v === 'from'))) {
      type = token.v === 'type';
      token = next;
    }
  }
  const names: (Name & { type: boolean })[] = [];
  let whole: string | undefined;
  for (;;) {
    if (token.v === '{') {
      const list = namedList(text, token.start);
      if (list === undefined) return;
      names.push(...list.names.map(({ name, as, type: only }) => ({ name, as, type: only })));
      token = tokenAt(text, list.end);
    } else if (token.v === '*') {
      const as = tokenAt(text, token.end);
      const name = tokenAt(text, as.end);
      if (as.v !== 'as' || name.kind !== 'word') return;
      whole = name.v;
      token = tokenAt(text, name.end);
    } else if (token.kind === 'word' && token.v !== 'from') {
      const local = token.v;
      token = tokenAt(text, token.end);
      if (token.v === '=') {
        readImportEquals(draft, token, local, type);
        return;
      }
      names.push({ name: 'default', as: local, type: false });
    } else if (token.v === 'from' && tokenAt(text, token.end).kind !== 'string') {
      names.push({ name: 'default', as: 'from', type: false });
      token = tokenAt(text, token.end);
    } else break;
    if (token.v !== ',') break;
    token = tokenAt(text, token.end);
  }
  if (token.v !== 'from') return;
  const module = tokenAt(text, token.end);
  if (module.kind !== 'string') return;
  const plain = names.filter((name) => !name.type).map(({ name, as }) => ({ name, as }));
  const types = names.filter((name) => name.type).map(({ name, as }) => ({ name, as }));
  if (type) {
    const all = [...plain, ...types];
    addModule(draft, module, { names: all, kind: 'type', ...(whole === undefined ? {} : { as: whole }) });
    return;
  }
  if (plain.length > 0 || whole !== undefined || types.length === 0)
    addModule(draft, module, { names: plain, kind: 'static', ...(whole === undefined ? {} : { as: whole }) });
  if (types.length > 0) addModule(draft, module, { names: types, kind: 'type' });
}

/** `import x = require('y')`. */
function readImportEquals(draft: ModuleDraft, equals: Token, local: string, type: boolean): void {
  const word = tokenAt(draft.text, equals.end);
  const open = tokenAt(draft.text, word.end);
  const module = tokenAt(draft.text, open.end);
  if (word.v !== 'require' || open.v !== '(' || module.kind !== 'string') return;
  addModule(draft, module, { names: [], as: local, kind: type ? 'type' : 'static' });
}

/** `import.meta.glob('./x/*.ts')` takes modules in; the rest of `import.meta` does not. */
function readMeta(draft: ModuleDraft, dot: Token): void {
  const { text } = draft;
  const head = /^\s*meta\s*\.\s*(glob(?:Eager)?|resolve)\s*(?:<[^>()]*>)?\s*\(/.exec(
    text.slice(dot.end, dot.end + 120),
  );
  if (head === null) return;
  const target = tokenAt(text, dot.end + head[0].length);
  if (target.kind !== 'string') return;
  if (head[1] === 'resolve') addModule(draft, target, { names: [], kind: 'text' });
  else {
    const at = [target.start, target.end, draft.lines.lineAt(target.start)] as const;
    draft.references.push({ target: stringValue(target), kind: 'include', at });
  }
}

function readDynamic(draft: ModuleDraft, at: number, open: Token, depth: number): void {
  const { text } = draft;
  const module = tokenAt(text, open.end);
  const after = tokenAt(text, module.end);
  const plain = module.kind === 'string' && (after.v === ')' || after.v === ',');
  const type = plain && after.v === ')' && isTypePosition(text, at, after.end);
  const taken = plain ? takenNames(text, at, after.v === ')' ? after.end : -1) : { names: [] };
  const fact = { ...taken, kind: type ? ('type' as const) : ('dynamic' as const), guarded: depth > 0 && !type };
  if (plain) addImport(draft, { ...fact, module: stringValue(module) }, module.start + 1, module.end - 1);
  else if (module.kind !== 'end') addImport(draft, { ...fact, module: null }, module.start, module.end);
}

/** `typeof import('x')`, `a: import('x').Type`: a type, in which nothing is called. */
function isTypePosition(text: string, at: number, end: number): boolean {
  const before = text.slice(Math.max(0, at - 40), at);
  if (/\btypeof\s*$/.test(before)) return true;
  const member = /^\s*\.\s*([\w$]+)\s*([(]?)/.exec(text.slice(end, end + 80));
  if (/(?:\b(?:await|return|yield|default)|=>|[([])\s*$/.test(before))
    return /(?:=>)\s*$/.test(before) && /^[A-Z]/.test(member?.[1] ?? '');
  return (
    member !== null &&
    member[2] === '' &&
    member[1] !== 'then' &&
    /[:|&<,=]\s*$|\b(?:as|extends|keyof)\s*$/.test(before)
  );
}
