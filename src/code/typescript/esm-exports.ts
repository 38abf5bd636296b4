/** `export …` read from that word on. */
import type { ExportFact } from '../facts.ts';
import { afterBracket, stringValue, type Token, tokenAt } from './cursor.ts';
import { namedList } from './esm-imports.ts';
import { addExport, addImport, type ModuleDraft } from './module-draft.ts';

type Kind = ExportFact['kind'];

const DECLARATIONS: Readonly<Record<string, Kind>> = {
  function: 'function',
  class: 'class',
  interface: 'type',
  type: 'type',
  enum: 'value',
  namespace: 'value',
  module: 'value',
  const: 'value',
  let: 'value',
  var: 'value',
  using: 'value',
};

/** Reads what follows the word `export` at `at`, which stands on the top level. */
export function readExport(draft: ModuleDraft, at: number): void {
  const { text } = draft;
  let token = tokenAt(text, at + 6);
  // A decorator between `export` and `class`: `export @Entity() class User`.
  for (let count = 0; token.kind === 'word' && token.v.startsWith('@') && count < 20; count++) {
    token = tokenAt(text, token.end);
    while (token.v === '.') token = tokenAt(text, tokenAt(text, token.end).end);
    if (token.v === '(') token = tokenAt(text, Math.max(afterBracket(text, token.start), token.end));
  }
  if (token.v === 'default') {
    readDefault(draft, token);
    return;
  }
  if (token.v === '*') {
    readStar(draft, token, false);
    return;
  }
  if (token.v === '{') {
    readList(draft, token, false);
    return;
  }
  if (token.v === '=') {
    readWhole(draft, token);
    return;
  }
  if (token.kind !== 'word' || token.v === 'as') return;
  if (token.v === 'type') {
    const next = tokenAt(text, token.end);
    if (next.v === '{') {
      readList(draft, next, true);
      return;
    }
    if (next.v === '*') {
      readStar(draft, next, true);
      return;
    }
  }
  if (token.v === 'import') {
    // `export import a = b.c`, `export import type a = …`
    let name = tokenAt(text, token.end);
    if (name.v === 'type') name = tokenAt(text, name.end);
    if (name.kind === 'word') addExport(draft, { name: name.v, kind: 'value' }, name.start, name.end);
    return;
  }
  readDeclaration(draft, token);
}

function readDeclaration(draft: ModuleDraft, first: Token): void {
  const { text } = draft;
  let token = first;
  let async = false;
  for (;;) {
    const next = tokenAt(text, token.end);
    if (token.v === 'async') async = true;
    else if (token.v === 'const' && next.v === 'enum') {
      token = next;
      break;
    } else if (token.v !== 'declare' && token.v !== 'abstract' && token.v !== 'await') break;
    if (next.kind !== 'word') return;
    token = next;
  }
  const kind = DECLARATIONS[token.v];
  if (kind === undefined) return;
  let name = tokenAt(text, token.end);
  if (name.v === '*') name = tokenAt(text, name.end);
  if (name.kind !== 'word') {
    if (name.v === '{' || name.v === '[') draft.unsure = true;
    return;
  }
  if (token.v !== 'const' && token.v !== 'let' && token.v !== 'var' && token.v !== 'using') {
    const known = draft.exports.some((each) => each.name === name.v && each.kind === kind);
    // Overloads and merged declarations are one export.
    if (!known) addExport(draft, { name: name.v, kind, ...(async ? { async } : {}) }, name.start, name.end);
    return;
  }
  if (maySayMore(text, name.end)) draft.unsure = true;
  addExport(draft, { name: name.v, ...kindOfValue(draft, name.end) }, name.start, name.end);
}

/** `a = 1, b = 2` on one line, or a comma at its end: then there may be more names than one. */
function maySayMore(text: string, at: number): boolean {
  let depth = 0;
  for (let index = at; index - at < 1_000; index++) {
    const mark = text.charAt(index);
    if (mark === '' || mark === '\n') return false;
    if (mark === '"' || mark === "'" || mark === '`') {
      const end = text.indexOf(mark, index + 1);
      if (end > 0) index = end;
    } else if (mark === '(' || mark === '[' || mark === '{' || mark === '<') depth++;
    else if (mark === ')' || mark === ']' || mark === '}') depth--;
    else if (mark === '>' && text.charAt(index - 1) !== '=') depth--;
    else if (mark === ',' && depth <= 0) return true;
  }
  return true;
}

/** Is it a function, by how the value after `=` begins? */
function kindOfValue(draft: ModuleDraft, after: number): { readonly kind: Kind; readonly async?: true } {
  const { text } = draft;
  let token = tokenAt(text, after);
  let depth = 0;
  // Over the type: `const f: (a: string) => Promise<void> = async (a) => …`
  for (let count = 0; count < 200; count++) {
    if (token.kind === 'end' || (depth === 0 && token.v === ';')) return { kind: 'value' };
    if (depth === 0 && token.v === '=') break;
    if (depth === 0 && token.v === ',') draft.unsure = true;
    if ('([{<'.includes(token.v)) depth++;
    else if (')]}>'.includes(token.v)) depth--;
    token = tokenAt(text, token.end);
  }
  return kindOfExpression(text, token.end);
}

/** `async () =>`, `function`, `x =>`, `(x): T =>`, `class`. */
export function kindOfExpression(text: string, at: number): { readonly kind: Kind; readonly async?: true } {
  let token = tokenAt(text, at);
  let async = false;
  if (token.v === 'async') {
    const next = tokenAt(text, token.end);
    if (next.kind === 'word' || next.v === '(' || next.v === '<') {
      async = true;
      token = next;
    }
  }
  const as = (kind: Kind) => (async ? { kind, async: true as const } : { kind });
  if (token.v === 'function') return as('function');
  if (token.v === 'class') return { kind: 'class' };
  if (token.v === '<') {
    const close = text.indexOf('(', token.end);
    if (close < 0 || close - token.end > 300) return { kind: 'value' };
    token = tokenAt(text, close);
  }
  if (token.v === '(') {
    const end = afterBracket(text, token.start);
    const next = end < 0 ? '' : tokenAt(text, end).v;
    return next === '=>' || next === ':' ? as('function') : { kind: 'value' };
  }
  return token.kind === 'word' && tokenAt(text, token.end).v === '=>' ? as('function') : { kind: 'value' };
}

function readDefault(draft: ModuleDraft, word: Token): void {
  const { text } = draft;
  let token = tokenAt(text, word.end);
  let async = false;
  if (token.v === 'async' && tokenAt(text, token.end).v === 'function') {
    async = true;
    token = tokenAt(text, token.end);
  }
  if (token.v === 'abstract') token = tokenAt(text, token.end);
  const add = (fact: Omit<ExportFact, 'at' | 'name'>) =>
    addExport(draft, { name: 'default', ...fact }, word.start, word.end);
  if (token.v === 'function' || token.v === 'class' || token.v === 'interface') {
    let name = tokenAt(text, token.end);
    if (name.v === '*') name = tokenAt(text, name.end);
    const kind = DECLARATIONS[token.v] as Kind;
    const local = name.kind === 'word' && name.v !== 'extends' && name.v !== 'implements' ? { local: name.v } : {};
    add({ kind, ...local, ...(async ? { async } : {}) });
    return;
  }
  const next = tokenAt(text, token.end);
  const alone = next.kind === 'end' || next.v === ';' || text.slice(token.end, next.start).includes('\n');
  if (
    token.kind === 'word' &&
    (alone || next.v === 'as' || next.v === 'satisfies') &&
    !/^(?:null|undefined|true|false|this)$/.test(token.v)
  ) {
    draft.pending.push({ index: draft.exports.length, local: token.v });
    add({ kind: 'value', local: token.v });
    return;
  }
  add({ local: 'default', ...kindOfExpression(text, word.end) });
}

function readStar(draft: ModuleDraft, star: Token, type: boolean): void {
  const { text } = draft;
  let token = tokenAt(text, star.end);
  let as: Token | undefined;
  if (token.v === 'as') {
    as = tokenAt(text, token.end);
    token = tokenAt(text, as.end);
  }
  const module = tokenAt(text, token.end);
  if (token.v !== 'from' || module.kind !== 'string') return;
  const name = as === undefined ? '*' : as.kind === 'string' ? stringValue(as) : as.v;
  const at = as ?? star;
  addExport(draft, { name, kind: type ? 'type' : 'reexport' }, at.start, at.end);
  addImport(
    draft,
    { module: stringValue(module), names: [{ name: '*', as: name }], kind: type ? 'type' : 'reexport' },
    module.start + 1,
    module.end - 1,
  );
}

function readList(draft: ModuleDraft, open: Token, allTypes: boolean): void {
  const { text } = draft;
  const list = namedList(text, open.start);
  if (list === undefined) return;
  const from = tokenAt(text, list.end);
  const module = from.v === 'from' ? tokenAt(text, from.end) : undefined;
  const reexport = module?.kind === 'string';
  for (const { name, as, type, at } of list.names) {
    const local = name === as ? {} : { local: name };
    const kind: Kind = allTypes || type ? 'type' : reexport ? 'reexport' : 'value';
    if (kind === 'value') draft.pending.push({ index: draft.exports.length, local: name });
    addExport(draft, { name: as, ...local, kind }, at.start, at.end);
  }
  if (module === undefined || module.kind !== 'string') return;
  const names = list.names.map(({ name, as }) => ({ name, as }));
  const erased = allTypes || (names.length > 0 && list.names.every(({ type }) => type));
  addImport(
    draft,
    { module: stringValue(module), names, kind: erased ? 'type' : 'reexport' },
    module.start + 1,
    module.end - 1,
  );
}

/** `export = x`. */
function readWhole(draft: ModuleDraft, equals: Token): void {
  const token = tokenAt(draft.text, equals.end);
  if (token.kind === 'word') draft.pending.push({ index: draft.exports.length, local: token.v });
  addExport(draft, { name: 'default', local: 'module.exports', kind: 'value' }, equals.start, equals.end);
}
