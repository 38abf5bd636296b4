/** `require`, mocks that name modules, and what CommonJS exports, read from the word on that the scan found. */
import { afterBracket, stringValue, type Token, tokenAt } from './cursor.ts';
import { kindOfExpression } from './esm-exports.ts';
import { addExport, addImport, type ModuleDraft } from './module-draft.ts';
import { takenNames } from './taken-names.ts';

const SOURCE_FILE = /\.[cm]?[jt]sx?$/;

function addNamed(draft: ModuleDraft, token: Token): void {
  addImport(draft, { module: stringValue(token), names: [], kind: 'text' }, token.start + 1, token.end - 1);
}

/** `require('x')`, `require(name)`, `require.resolve('x')`, `require.context('./x')`. */
export function readRequire(draft: ModuleDraft, at: number, depth: number): void {
  const { text } = draft;
  let open = tokenAt(text, at + 7);
  if (open.v === '.') {
    const method = tokenAt(text, open.end);
    open = tokenAt(text, method.end);
    const target = open.v === '(' ? tokenAt(text, open.end) : undefined;
    if (target?.kind !== 'string') return;
    if (method.v === 'resolve') addNamed(draft, target);
    if (method.v === 'context') {
      const span = [target.start, target.end, draft.lines.lineAt(target.start)] as const;
      draft.references.push({ target: stringValue(target), kind: 'include', at: span });
    }
    return;
  }
  if (open.v !== '(') return;
  const before = text.slice(Math.max(0, at - 60), at);
  // Read with `import x = require()`, and a function of that name that is declared here.
  if (/\bimport\s+(?:type\s+)?[\w$]+\s*=\s*$|\bfunction\s*$/.test(before)) return;
  const module = tokenAt(text, open.end);
  const after = tokenAt(text, module.end);
  if (module.kind !== 'string' || after.v !== ')') {
    if (module.kind === 'end' || module.v === ')') return;
    addImport(draft, { module: null, names: [], kind: 'dynamic', guarded: depth > 0 }, module.start, module.end);
    return;
  }
  const whole = /(?:\bmodule\.exports\s*=\s*|\b__exportStar\(\s*|\bmodule\.exports\s*=\s*\{\s*(?:\.\.\.))$/.test(
    before,
  );
  const spread =
    !whole &&
    /\.\.\.\s*$/.test(before) &&
    /\bmodule\.exports\s*=\s*\{[^}]*$/.test(text.slice(Math.max(0, at - 2_000), at));
  const member = tokenAt(text, after.end).v === '.';
  if ((whole && !member) || spread) {
    addExport(draft, { name: '*', kind: 'reexport' }, module.start, module.end);
    const names = [{ name: '*', as: '*' }];
    addImport(draft, { module: stringValue(module), names, kind: 'reexport' }, module.start + 1, module.end - 1);
    return;
  }
  const taken = takenNames(text, at, after.end);
  const kind = depth === 0 ? 'static' : 'dynamic';
  addImport(
    draft,
    { module: stringValue(module), ...taken, kind, guarded: depth > 0 },
    module.start + 1,
    module.end - 1,
  );
}

/** `jest.mock('x')`, `vi.importActual('x')`, `mock.module('x')`, `proxyquire('x')`: a string that names a module. */
export function readMock(draft: ModuleDraft, at: number, word: string): void {
  const { text } = draft;
  let open = tokenAt(text, at + word.length);
  const before = text.slice(Math.max(0, at - 20), at);
  if (word === 'proxyquire' || word === 'rewire') {
    if (/[.\w$]\s*$/.test(before) && !/\b(?:await|return)\s+$/.test(before)) return;
  } else if (!/\b(?:jest|vi|vitest)\s*\.\s*$/.test(before)) {
    const method = tokenAt(text, open.end);
    if (word !== 'mock' || open.v !== '.' || method.v !== 'module') return;
    open = tokenAt(text, method.end);
  }
  if (open.v === '<') {
    const close = text.indexOf('(', open.end);
    if (close < 0 || close - open.end > 300) return;
    open = tokenAt(text, close);
  }
  const module = open.v === '(' ? tokenAt(text, open.end) : undefined;
  if (module?.kind === 'string') addNamed(draft, module);
}

/** `new URL('./worker.ts', import.meta.url)`: a source file; anything else that it names is a text like others. */
export function readUrl(draft: ModuleDraft, at: number): void {
  const { text } = draft;
  if (!/\bnew\s+$/.test(text.slice(Math.max(0, at - 8), at))) return;
  const open = tokenAt(text, at + 3);
  const module = open.v === '(' ? tokenAt(text, open.end) : undefined;
  if (
    module?.kind !== 'string' ||
    !/^\s*,\s*import\s*\.\s*meta\s*\.\s*url/.test(text.slice(module.end, module.end + 60))
  )
    return;
  const target = stringValue(module);
  if (SOURCE_FILE.test(target) && /^\.{1,2}\//.test(target)) addNamed(draft, module);
}

/** What follows `exports`: `exports.x =`, `module.exports = …`, `Object.defineProperty(exports, 'x', …)`. */
export function readExports(draft: ModuleDraft, at: number): void {
  const { text } = draft;
  const before = text.slice(Math.max(0, at - 40), at);
  const ofModule = /(?:^|[^\w$.])module\s*\.\s*$/.test(before);
  if (
    !ofModule &&
    /[.\w$'"]\s*$/.test(before) &&
    !/\b(?:return|void|typeof)\s+$/.test(before) &&
    !/\n\s*$/.test(before)
  )
    return;
  const next = tokenAt(text, at + 7);
  if (next.v === ',' && /\bdefineProperty\s*\(\s*(?:module\s*\.\s*)?$/.test(before)) {
    const name = tokenAt(text, next.end);
    if (name.kind === 'string' && name.v.slice(1, -1) !== '__esModule')
      addOnce(draft, stringValue(name), `exports.${stringValue(name)}`, name, { kind: 'value' });
    return;
  }
  const name = next.v === '.' || next.v === '[' ? tokenAt(text, next.end) : undefined;
  if (name !== undefined) {
    if (name.kind !== 'word' && name.kind !== 'string') return;
    const closing = next.v === '[' ? tokenAt(text, name.end) : name;
    const equals = tokenAt(text, closing.end);
    if (equals.v !== '=') return;
    const plain = name.kind === 'string' ? stringValue(name) : name.v;
    if (plain === '__esModule') return;
    addOnce(
      draft,
      plain,
      `${ofModule ? 'module.exports' : 'exports'}.${plain}`,
      name,
      kindOfExpression(text, equals.end),
    );
    return;
  }
  if (next.v === '=' && ofModule) readWhole(draft, at, next);
}

function addOnce(
  draft: ModuleDraft,
  name: string,
  local: string,
  token: Token,
  fact: ReturnType<typeof kindOfExpression>,
): void {
  const known = draft.exports.findIndex((each) => each.name === name);
  if (known < 0) addExport(draft, { name, local, ...fact }, token.start, token.end);
  // `exports.a = void 0` stands before what it really is.
  else if (draft.exports[known]?.kind === 'value' && fact.kind !== 'value') {
    const { at } = draft.exports[known] as { at: readonly [number, number, number] };
    draft.exports[known] = { name, local, ...fact, at };
  }
}

/** `module.exports = …`: an object's names, or one value. */
function readWhole(draft: ModuleDraft, at: number, equals: Token): void {
  const { text } = draft;
  const value = tokenAt(text, equals.end);
  if (value.v === 'require') return;
  if (value.v !== '{') {
    if (value.kind === 'word' && value.v !== 'new' && value.v !== 'function' && value.v !== 'class')
      draft.pending.push({ index: draft.exports.length, local: value.v });
    const kind = kindOfExpression(text, equals.end);
    addExport(draft, { name: 'default', local: 'module.exports', ...kind }, at, at + 7);
    return;
  }
  addExport(draft, { name: 'default', local: 'module.exports', kind: 'value' }, at, at + 7);
  readObject(draft, value.end);
}

/** The names of an object literal, at most so many tokens of it. */
function readObject(draft: ModuleDraft, start: number): void {
  const { text } = draft;
  let token = tokenAt(text, start);
  for (let count = 0; count < 1_000 && token.v !== '}' && token.kind !== 'end'; count++) {
    if (token.v === '...') {
      // Spread: more names than can be told, unless it is a module's (then `require` says so).
      const of = tokenAt(text, token.end);
      if (of.v !== 'require') addExport(draft, { name: '*', local: of.v, kind: 'value' }, token.start, of.end);
    } else if (token.kind !== 'mark') {
      let name = token;
      let after = tokenAt(text, name.end);
      let async = false;
      let accessor = false;
      while (
        after.kind === 'word' &&
        (name.v === 'async' || name.v === 'get' || name.v === 'set' || name.v === 'static')
      ) {
        async ||= name.v === 'async';
        accessor ||= name.v === 'get';
        name = after;
        after = tokenAt(text, name.end);
      }
      const plain = name.kind === 'string' ? stringValue(name) : name.v;
      if (after.v === ':') {
        const value = tokenAt(text, after.end);
        const end = tokenAt(text, value.end).v;
        const local = value.kind === 'word' && (end === ',' || end === '}') ? value.v : `module.exports.${plain}`;
        if (!local.includes('.')) draft.pending.push({ index: draft.exports.length, local });
        addExport(
          draft,
          { name: plain, ...(local === plain ? {} : { local }), ...kindOfExpression(text, after.end) },
          name.start,
          name.end,
        );
      } else if (after.v === '(') {
        const fact = {
          name: plain,
          local: `module.exports.${plain}`,
          kind: accessor ? ('value' as const) : ('function' as const),
        };
        addExport(draft, { ...fact, ...(async ? { async } : {}) }, name.start, name.end);
      } else if (after.v === ',' || after.v === '}' || after.v === '=') {
        draft.pending.push({ index: draft.exports.length, local: plain });
        addExport(draft, { name: plain, kind: 'value' }, name.start, name.end);
      }
      token = name;
    }
    const end = afterMember(text, token.end);
    if (end < 0) return;
    token = tokenAt(text, end);
  }
}

/** Past the `,` that ends a member, or to the `}` that ends the object; -1: not found. */
function afterMember(text: string, start: number): number {
  let at = start;
  for (let count = 0; count < 4_000; count++) {
    const token = tokenAt(text, at);
    if (token.kind === 'end') return -1;
    if (token.v === ',') return token.end;
    if (token.v === '}') return token.start;
    if (token.kind === 'mark' && (token.v === '(' || token.v === '[' || token.v === '{')) {
      at = afterBracket(text, token.start, 4_000);
      if (at < 0) return -1;
    } else at = token.end;
  }
  return -1;
}
