/**
 * What an expression stands for. Follows names through assignments, parameters, modules, classes and calls of the
 * project's own functions; what libraries do is told by `libraries/` (strings and paths) and `openers/` (connections).
 * Never runs anything. One file, since its parts call each other in a circle.
 */
import { type Call, type CallSite, callsOf } from '../code/calls.ts';
import type { Assign, Expr, FileFacts, ImportFact, Param, Scope } from '../code/facts.ts';
import { anyEntry, computedKey, each, isEach, plainText, type Step, type Take } from './collections.ts';
import type { Libraries } from './libraries/library.ts';
import type { Candidate, Program } from './program.ts';
import { findStarImports } from './star-imports.ts';
import { apply, hole, text } from './symbol.ts';
import { asSymbol, bounded, either, type Frame, symbolOf, unknown, type Value, withSource } from './value.ts';

/** Where an expression stands. */
export interface Standing {
  readonly file: string;
  readonly scope: number;
  /** Names assigned after this offset in the same scope are not known yet. */
  readonly before: number;
  readonly frame?: Frame | undefined;
  /** Line of the statement, for the chain of evidence. */
  readonly line?: number;
}

export interface Evaluator {
  readonly program: Program;
  evaluate(expr: Expr, at: Standing): Value;
  /** What a file gives to others under `name`. */
  exported(file: string, name: string): Value;
  attribute(of: Value, name: string, at: Standing): Value;
  /** The value of argument `index` or keyword `name`. */
  argument(call: Call, index: number, name: string | undefined, at: Standing): Value | undefined;
  /** How a call fills the parameters of a function of the project. */
  frameOf(fn: Value & { readonly v: 'function' }, call: Call, at: Standing): Frame | undefined;
}

/** Project functions inside project functions; deeper is `unknown`. */
const DEPTH = 8;
/** Steps for one question: a program that leads in circles ends here. */
const STEPS = 1_500;
const CALLERS = 6;
/** Additions to one list that are kept. */
const MOST_ADDED = 60;
/** Items of a list that a function is called for. */
const MOST_MAPPED = 12;
/** Calls of that name that are looked at to find them. */
const LOOKED = 40;
/** Expressions inside expressions; the stack holds several times as many. */
const MOST_DEPTH = 120;

export function createEvaluator(program: Program, libraries: Libraries): Evaluator {
  const { trail } = program;
  const running = new Set<unknown>();
  let steps = 0;
  let depth = 0;
  /** How often something was cut off so far. */
  let cuts = 0;
  const memo = new WeakMap<Expr, Value>();
  const lengthened = new WeakMap<Assign, Value>();
  const starImports = findStarImports(program);

  function evaluate(expr: Expr, at: Standing): Value {
    if (at.file === trail.at) return evaluateHere(expr, at);
    const back = trail.enter(at.file);
    try {
      return evaluateHere(expr, at);
    } finally {
      trail.leave(back);
    }
  }

  function evaluateHere(expr: Expr, at: Standing): Value {
    const plain = at.frame === undefined;
    const known = plain ? memo.get(expr) : undefined;
    if (known !== undefined) return known;
    if (depth === 0) steps = 0;
    if (++steps > STEPS) return cut('too many steps');
    if (depth > MOST_DEPTH) return cut('too deep');
    if (plain && running.has(expr)) return cut('it is defined by itself');
    const cutsBefore = cuts;
    if (plain) running.add(expr);
    depth++;
    try {
      const value = bounded(read(expr, at));
      // What was cut off by a circle or a limit is not what the expression means elsewhere.
      if (plain && (cuts === cutsBefore || depth === 1)) memo.set(expr, value);
      return value;
    } finally {
      depth--;
      if (plain) running.delete(expr);
    }
  }

  function cut(why: string): Value {
    cuts++;
    return unknown(why);
  }

  function read(expr: Expr, at: Standing): Value {
    switch (expr.k) {
      case 'text':
        return symbolOf(text(expr.v));
      case 'number':
        return { v: 'number', n: expr.v };
      case 'bool':
        return { v: 'bool', b: expr.v };
      case 'null':
        return { v: 'nothing' };
      case 'sql':
        return { v: 'sql', uses: expr.uses };
      case 'concat':
        return symbolOf(apply('concat', ...expr.parts.map((part) => asSymbol(evaluate(part, at)))));
      case 'if':
        return readIf(expr, at);
      case 'list':
        return { v: 'list', items: expr.items.slice(0, 200).map((item) => evaluate(item, at)) };
      case 'map':
        return readMap(expr, at);
      case 'function':
        return { v: 'function', file: at.file, scope: expr.scope };
      case 'name':
        return readName(expr.v, at);
      case 'member':
        return attribute(evaluate(expr.of, at), expr.v, at);
      case 'index':
        return readIndex(expr, at);
      case 'op':
        return readOperator(expr, at);
      case 'call':
        return readCall(expr, at);
      case 'unknown':
        return unknown(expr.why);
    }
  }

  function readIf(expr: Expr & { k: 'if' }, at: Standing): Value {
    const test = evaluate(expr.test, at);
    if (test.v === 'bool') return evaluate(test.b ? expr.then : expr.else, at);
    // `X ? X : 'default'` and `getenv('X') ?: 'default'` are the common way to give a default.
    if (JSON.stringify(expr.test, withoutSpans) === JSON.stringify(expr.then, withoutSpans)) {
      return orElse(evaluate(expr.then, at), evaluate(expr.else, at), false);
    }
    return either([
      { value: evaluate(expr.then, at), when: 'its condition holds' },
      { value: evaluate(expr.else, at), when: 'its condition does not hold' },
    ]);
  }

  function readMap(expr: Expr & { k: 'map' }, at: Standing): Value {
    const entries = new Map<string, Value>();
    const keys = new Map<string, Value>();
    // In Python a name is a variable that holds the key.
    const named = program.facts(at.file).language !== 'python';
    for (const [key, value] of expr.entries.slice(0, 500)) {
      const name =
        key.k === 'text' || (key.k === 'name' && named)
          ? key.v
          : key.k === 'name' || key.k === 'member'
            ? computedKey(evaluate(key, at), entries.size, keys)
            : undefined;
      if (name !== undefined) entries.set(name, evaluate(value, at));
      else if (key.k === 'unknown' && key.why === 'spread') {
        const inner = evaluate(value, at);
        if (inner.v === 'map') for (const [one, of] of inner.entries) entries.set(one, of);
      }
    }
    return keys.size === 0 ? { v: 'map', entries } : { v: 'map', entries, keys };
  }

  // Names

  function readName(name: string, at: Standing): Value {
    const special = libraries.name(program.facts(at.file).language, name, at.file);
    if (special !== undefined) return special;
    if (name === 'this' || name === 'self' || name === 'cls') {
      const self = selfOf(at);
      if (self !== undefined) return self;
    }
    const found = program.lookUp(at.file, at.scope, name, at.before);
    if (found !== undefined) return candidatesOf(inForce(found, at), name, at);
    const starred = fromStar(at.file, name);
    if (starred !== undefined) return starred;
    return { v: 'external', name };
  }

  function candidatesOf(
    found: { readonly scope: number; readonly candidates: readonly Candidate[] },
    name: string,
    at: Standing,
  ): Value {
    const values = found.candidates.map((candidate) => ({
      value: candidateValue(candidate, name, at),
      when: candidate.is === 'assign' ? whenOf(at.file, candidate.assign.at[2]) : 'it is the one in force',
    }));
    return values.length === 1 ? (values[0] as { value: Value }).value : either(values);
  }

  function candidateValue(candidate: Candidate, name: string, at: Standing): Value {
    switch (candidate.is) {
      case 'assign':
        return candidate.assign.adds === true
          ? added(candidate.assign, name, at)
          : assigned(candidate.assign, at.file, at.frame);
      case 'scope': {
        const kind = program.facts(at.file).scopes[candidate.scope]?.kind;
        return { v: kind === 'class' ? 'class' : 'function', file: at.file, scope: candidate.scope };
      }
      case 'param':
        return parameter(at.file, candidate.scope, candidate.index, at);
      case 'import':
        return madeOfImport(candidate.fact, name, at) ?? imported(at.file, candidate.fact, candidate.name);
      case 'with': {
        const {
          value,
          scope,
          at: span,
        } = program.facts(at.file).statements[candidate.statement] as never as {
          value: Expr;
          scope: number;
          at: readonly [number, number, number];
        };
        return evaluate(value, { file: at.file, scope, before: span[0] + 1, frame: at.frame });
      }
    }
    return unknown(name);
  }

  /** `const pgp = require('pg-promise')()`: not the module, but what it makes. */
  function madeOfImport({ at: span, scope }: ImportFact, name: string, at: Standing): Value | undefined {
    if (program.facts(at.file).language !== 'typescript') return undefined;
    const around = program.lookUp(at.file, scope, name, span[0])?.candidates.at(-1);
    if (around?.is !== 'assign') return undefined;
    const { assign } = around;
    const { value } = assign;
    if (assign.at[0] > span[0] || assign.at[1] < span[1]) return undefined;
    if (value.k !== 'call' || (value.fn.k === 'name' && value.fn.v === 'require')) return undefined;
    const made = assigned(assign, at.file, at.frame);
    return made.v === 'unknown' ? undefined : made;
  }

  function assigned(assign: Assign, file: string, frame: Frame | undefined): Value {
    const inFrame = frame !== undefined && frame.file === file ? frame : undefined;
    const value = evaluate(assign.value, {
      file,
      scope: assign.scope,
      before: assign.at[0],
      frame: inFrame,
      line: assign.at[2],
    });
    return withSource(value, program.source(file, assign.at[2]));
  }

  /** `url += "?sslmode=require"`: what it was before, and this. */
  function added(assign: Assign, name: string, at: Standing): Value {
    const more = assigned(assign, at.file, at.frame);
    if (more.v === 'list') return longer(assign, name, at);
    if (more.v !== 'symbol') return more;
    const { found, before } = earlierThan(assign, name, at);
    if (found === undefined) return unknown(`what ${name} was before`);
    const was = candidatesOf(found, name, before);
    const join = (value: Value): Value =>
      value.v === 'nothing' || value.v === 'unknown'
        ? unknown(`what ${name} was before`)
        : symbolOf(apply('concat', asSymbol(value), more.symbol));
    return was.v === 'either' ? either(was.of.map(({ value, when }) => ({ value: join(value), when }))) : join(was);
  }

  /** What `name` may be where something is added to it. */
  function earlierThan(assign: Assign, name: string, at: Standing) {
    const before: Standing = { ...at, scope: assign.scope, before: assign.at[0] };
    const known = program.lookUp(at.file, assign.scope, name, assign.at[0]);
    const found = known && inForce(known, before);
    // Nothing stands before it: the names that come later are no beginning.
    const candidates = found?.candidates.filter((one) => one.is !== 'assign' || one.assign.at[0] < assign.at[0]) ?? [];
    return { before, found: found && candidates.length > 0 ? { scope: found.scope, candidates } : undefined };
  }

  /** `paths.append(x)`: the list and one more. `session.add(user)`: what is no list is what it was. Not recursive: a script adds thousands. */
  function longer(last: Assign, name: string, at: Standing): Value {
    const parts: (readonly Value[])[] = [];
    let was: Value = { v: 'list', items: [] };
    for (let assign = last; ; ) {
      const known = at.frame === undefined ? lengthened.get(assign) : undefined;
      if (known !== undefined) {
        was = known;
        break;
      }
      const more = parts.length < MOST_ADDED ? assigned(assign, at.file, at.frame) : undefined;
      if (more?.v === 'list') parts.push(more.items);
      const { found, before } = earlierThan(assign, name, at);
      const one = found?.candidates.length === 1 ? found.candidates[0] : undefined;
      if (one?.is === 'assign' && one.assign.adds === true && one.assign.value.k === 'list') {
        assign = one.assign;
        continue;
      }
      if (found !== undefined) was = candidatesOf(found, name, before);
      break;
    }
    const items = parts.reverse().flat();
    const joined =
      was.v === 'either'
        ? either(was.of.map((one) => ({ ...one, value: extended(one.value, items) })))
        : extended(was, items);
    if (at.frame === undefined) lengthened.set(last, joined);
    return joined;
  }

  function parameter(file: string, scope: number, index: number, at: Standing): Value {
    const facts = program.facts(file);
    const param = facts.scopes[scope]?.params?.[index];
    if (param === undefined) return unknown('a parameter');
    if (at.frame !== undefined && at.frame.file === file && at.frame.scope === scope) {
      const given = at.frame.args.get(param.name);
      if (given !== undefined) return given;
      return param.default === undefined
        ? unknown(`parameter ${param.name} is not given`)
        : withSource(
            evaluate(param.default, {
              file,
              scope: facts.scopes[scope]?.parent ?? 0,
              before: Number.POSITIVE_INFINITY,
              line: facts.scopes[scope]?.at[2] ?? 1,
            }),
            program.source(file, facts.scopes[scope]?.at[2] ?? 1),
          );
    }
    // pytest makes a folder for each test.
    if (facts.language === 'python' && /^(?:tmp_path|tmpdir)$/.test(param.name)) {
      return symbolOf(apply('python-join', { s: 'temp' }, hole('a folder of the test')), 'pathlib');
    }
    const key = `${file}:${scope}:${index}`;
    if (running.has(key)) return cut('it is called by itself');
    running.add(key);
    try {
      return fromCallers(file, scope, index, param.name);
    } finally {
      running.delete(key);
    }
  }

  /** What the callers of a function give for a parameter, and its default where one of them gives nothing. */
  function fromCallers(file: string, scope: number, index: number, name: string): Value {
    const facts = program.facts(file);
    const own = facts.scopes[scope] as Scope;
    const param = own.params?.[index];
    const looped = own.name === '' && param !== undefined ? fromLoop(file, scope, param, index) : undefined;
    if (looped !== undefined) return looped;
    const isConstructor = own.name === '__init__' || own.name === 'constructor' || own.name === '__construct';
    const owner = facts.scopes[own.parent];
    const called = isConstructor ? (owner?.name ?? '') : own.name;
    const values: { value: Value; when: string }[] = [];
    let defaulted = false;
    let seen = 0;
    if (called !== '') {
      const leading = program.leadingTo(file);
      let looked = 0;
      for (const site of program.callsNamed(called)) {
        if (seen >= CALLERS || looked > LOOKED) break;
        // Who does not load the file cannot call what is in it.
        if (site.file !== file && !leading.has(site.file)) continue;
        looked++;
        if (!callsThis(site, file, scope, isConstructor)) continue;
        const standing = { file: site.file, scope: site.scope, before: site.call.at[0], line: site.call.at[2] };
        const args = bind(own, site.call, standing, owner?.kind === 'class');
        const given = args.get(name);
        const source = program.source(site.file, site.call.at[2]);
        if (given !== undefined) {
          // Who leaves it to its default says all there is to say: however many they are, they hide nobody.
          seen++;
          values.push({ value: withSource(given, source), when: `called from ${site.file}:${site.call.at[2]}` });
        } else if (param?.default !== undefined) defaulted = true;
      }
    }
    if (param?.default !== undefined && (defaulted || values.length === 0)) {
      const value = evaluate(param.default, {
        file,
        scope: Math.max(0, own.parent),
        before: Number.POSITIVE_INFINITY,
        line: own.at[2],
      });
      values.push({ value: withSource(value, program.source(file, own.at[2])), when: `${name} is not given` });
    }
    if (values.length === 0) return unknown(`parameter ${name} of ${own.name || 'a function'} is given nowhere`);
    return values.length === 1 ? (values[0] as { value: Value }).value : either(values);
  }

  /** `paths.forEach((path) => …)`: what a function without a name is given item by item. */
  function fromLoop(file: string, scope: number, param: Param, index: number): Value | undefined {
    const site = givenTo(program.facts(file)).get(scope);
    if (site === undefined || (param.position ?? index) !== 0) return undefined;
    const { call } = site;
    const at: Standing = { file, scope: site.scope, before: call.at[0] + 1, line: call.at[2] };
    const over = call.fn.k === 'member' ? evaluate(call.fn.of, at) : undefined;
    return over?.v === 'list' || over?.v === 'either' ? partOf(each(over, stepAt(at), 'values'), param, at) : undefined;
  }

  /** What a parameter that takes its argument apart gets of it. */
  function partOf(item: Value, { property }: Param, at: Standing): Value {
    let part = item;
    for (const name of property?.split('.') ?? [])
      part = /^\d+$/.test(name) ? element(part, Number(name), at) : attribute(part, name, at);
    return part;
  }

  /** `names.map((name) => join(folder, name))`. */
  function mapped(list: Value & { v: 'list' }, call: Call, at: Standing): Value | undefined {
    const [given] = call.args;
    const fn = given === undefined ? undefined : evaluate(given, at);
    if (fn?.v !== 'function') return undefined;
    const params = program.facts(fn.file).scopes[fn.scope]?.params ?? [];
    const first = params.filter(({ position }, index) => (position ?? index) === 0);
    const items = list.items.slice(0, MOST_MAPPED).map((item) => {
      const args = new Map(first.map((param) => [param.name, partOf(item, param, at)]));
      return callFunction(fn, args, (at.frame?.depth ?? 0) + 1);
    });
    return { v: 'list', items };
  }

  function callsThis(site: CallSite & { file: string }, file: string, scope: number, isConstructor: boolean): boolean {
    const facts = program.facts(file);
    const own = facts.scopes[scope] as Scope;
    const target = evaluate(site.call.fn, { file: site.file, scope: site.scope, before: site.call.at[0] });
    const wanted = isConstructor ? own.parent : scope;
    if (target.v === 'function' || target.v === 'class') return target.file === file && target.scope === wanted;
    if (target.v === 'either') {
      return target.of.some(
        ({ value }) => (value.v === 'function' || value.v === 'class') && value.file === file && value.scope === wanted,
      );
    }
    // A method called on something nobody could follow counts where its name is not a common one.
    return false;
  }

  /** `import` facts: the module, or one name of it. */
  function imported(file: string, fact: ImportFact, name: string | null): Value {
    const { language } = program.facts(file);
    if (fact.module === null) return unknown('a module whose name is computed');
    const resolution = program.resolverOf(file)?.resolve(file, fact);
    if (resolution?.status === 'project' && resolution.file !== undefined) {
      if (name === null) {
        // `import a.b` binds `a`: attributes walk down from there.
        if (
          language === 'python' &&
          fact.as !== undefined &&
          fact.module.includes('.') &&
          fact.module.split('.')[0] === fact.as
        ) {
          return { v: 'external', name: `package:${fact.as}` };
        }
        return program.has(resolution.file) ? { v: 'module', file: resolution.file } : unknown(resolution.file);
      }
      const submodule = resolution.submodules?.[name];
      if (submodule !== undefined) return { v: 'module', file: submodule };
      return program.has(resolution.file) ? exported(resolution.file, name) : unknown(resolution.file);
    }
    if (resolution?.status === 'missing') return unknown(`module ${fact.module} is not there`);
    const module = libraries.moduleName(language, fact.module);
    if (name === null && language === 'python' && fact.module.split('.')[0] === fact.as)
      return { v: 'external', name: fact.as as string };
    return { v: 'external', name: name === null || name === 'default' ? module : `${module}.${name}` };
  }

  function fromStar(file: string, name: string): Value | undefined {
    const sources = starImports.sources(file, name);
    if (sources.length === 0) return undefined;
    return either(sources.map((source) => ({ value: exported(source, name), when: `${name} comes from ${source}` })));
  }

  function exported(file: string, name: string): Value {
    const key = `${file}\n${name}`;
    if (running.has(key)) return cut('it is exported in a circle');
    running.add(key);
    try {
      return exportOf(file, name);
    } finally {
      running.delete(key);
    }
  }

  function exportOf(file: string, name: string): Value {
    const facts = program.facts(file);
    const standing: Standing = { file, scope: 0, before: Number.POSITIVE_INFINITY };
    const fact = facts.exports.find((one) => one.name === name);
    const local = fact?.local ?? name;
    const found = program.lookUp(file, 0, local, Number.POSITIVE_INFINITY);
    if (found !== undefined && found.scope === 0) return candidatesOf(found, local, standing);
    for (const to of [`exports.${name}`, `module.exports.${name}`]) {
      const assign = facts.assigns.findLast((one) => one.to === to);
      if (assign !== undefined) return assigned(assign, file, undefined);
    }
    for (const fact of facts.imports) {
      if (fact.kind !== 'reexport') continue;
      const taken = fact.names.find((one) => one.as === name);
      const all = fact.names.some((one) => one.name === '*' && (one.as === '*' || one.as === ''));
      if (taken === undefined && !all) continue;
      const resolution = program.resolverOf(file)?.resolve(file, fact);
      if (resolution?.file === undefined || !program.has(resolution.file)) {
        if (taken !== undefined && fact.module !== null)
          return { v: 'external', name: `${libraries.moduleName(facts.language, fact.module)}.${taken.name}` };
        continue;
      }
      const value =
        taken?.name === '*'
          ? ({ v: 'module', file: resolution.file } as const)
          : exported(resolution.file, taken?.name ?? name);
      if (value.v !== 'unknown') return value;
    }
    const whole = facts.assigns.findLast(
      (one) => one.to === 'module.exports' || one.to === 'exports' || one.to === 'default',
    );
    if (whole !== undefined) {
      const value = assigned(whole, file, undefined);
      if (name === 'default') return value;
      if (value.v === 'map') return value.entries.get(name) ?? unknown(`${file} exports no ${name}`);
      if (whole.to !== 'default') return attribute(value, name, standing);
    }
    if (facts.language === 'python' || facts.language === 'php') {
      const starred = fromStar(file, name);
      if (starred !== undefined) return starred;
    }
    return unknown(`${file} has no ${name}`);
  }

  // Objects

  function selfOf(at: Standing): Value | undefined {
    if (at.frame?.self !== undefined && at.frame.file === at.file) return at.frame.self;
    const { scopes } = program.facts(at.file);
    for (let scope = at.scope; scope >= 0; scope = scopes[scope]?.parent ?? -1) {
      if (scopes[scope]?.kind === 'class') return { v: 'object', file: at.file, scope };
    }
    return undefined;
  }

  function attribute(of: Value, name: string, at: Standing): Value {
    switch (of.v) {
      case 'either':
        return either(of.of.map((one) => ({ value: attribute(one.value, name, at), when: one.when })));
      case 'external': {
        if (of.name.startsWith('package:')) return inPackage(of.name.slice(8), name, at);
        return (
          libraries.attribute(
            program.facts(at.file).language,
            of.name,
            name,
            program.source(at.file, at.line ?? 1),
          ) ?? { v: 'external', name: `${of.name}.${name}` }
        );
      }
      case 'module':
        return moduleAttribute(of.file, name);
      case 'object':
      case 'class':
        return field(of, name) ?? unknown(`nothing sets ${name}`);
      case 'map':
        return (
          of.entries.get(name) ??
          (TAKES_ALL.test(name) ? { v: 'external', name: `map.${name}`, self: of } : unknown(`it has no ${name}`))
        );
      case 'list':
        return { v: 'external', name: `list.${name}`, self: of };
      case 'connection':
        return of;
      case 'symbol':
        return libraries.textAttribute(of, name) ?? { v: 'external', name: `text.${name}`, self: of };
      case 'made':
        return (
          libraries.madeAttribute(of, name, evaluator, program.source(at.file, of.call.at[2])) ?? {
            v: 'external',
            name: `${of.name}().${name}`,
            self: of,
          }
        );
      default:
        return { v: 'external', name: `?.${name}`, self: of };
    }
  }

  function moduleAttribute(file: string, name: string): Value {
    const value = exported(file, name);
    if (value.v !== 'unknown' || program.facts(file).language !== 'python') return value;
    const folder = file.replace(/\/?__init__\.pyi?$/, '');
    for (const candidate of [`${folder}/${name}.py`, `${folder}/${name}/__init__.py`]) {
      const path = candidate.replace(/^\//, '');
      if (file.endsWith('__init__.py') && program.has(path)) return { v: 'module', file: path };
    }
    return value;
  }

  /** `a.b.c` after `import a.b.c`: each step is a package or module of the project. */
  function inPackage(prefix: string, name: string, at: Standing): Value {
    trail.ask('tree');
    const dotted = `${prefix}.${name}`;
    const fact: ImportFact = { module: dotted, names: [], as: dotted, kind: 'static', scope: 0, at: [0, 0, 0] };
    const resolution = program.resolverOf(at.file)?.resolve(at.file, fact);
    if (resolution?.status === 'project' && resolution.file !== undefined && program.has(resolution.file)) {
      const isFolder = resolution.file.endsWith('/__init__.py');
      return isFolder ? { v: 'external', name: `package:${dotted}` } : { v: 'module', file: resolution.file };
    }
    const parent = program.resolverOf(at.file)?.resolve(at.file, { ...fact, module: prefix, as: prefix });
    if (parent?.file !== undefined && program.has(parent.file)) return exported(parent.file, name);
    return unknown(`${dotted} is not there`);
  }

  function field(of: Value & { v: 'object' | 'class' }, name: string, seen = 0): Value | undefined {
    const facts = program.facts(of.file);
    const own = facts.scopes[of.scope];
    if (own === undefined || seen > 8) return undefined;
    const args = of.v === 'object' ? of.args : undefined;
    const method = facts.scopes.findIndex(
      (scope) => scope.parent === of.scope && scope.kind === 'function' && scope.name === name,
    );
    if (method >= 0) {
      const isProperty = (facts.scopes[method]?.decorators ?? []).some(
        (one) => (one.k === 'name' || one.k === 'member') && /^(?:cached_)?property$/.test(one.v),
      );
      const fn: Value = { v: 'function', file: of.file, scope: method, self: of };
      return isProperty ? callFunction(fn, new Map(), 0) : fn;
    }
    const values: { value: Value; when: string }[] = [];
    const maker = facts.scopes.findIndex(
      (scope) => scope.parent === of.scope && /^(?:__init__|constructor|__construct)$/.test(scope.name),
    );
    for (const assign of fieldsOf(facts).get(name) ?? []) {
      const inClass =
        assign.scope === of.scope &&
        (assign.to === name || assign.to === `this.${name}` || assign.to === `self.${name}`);
      const onSelf =
        /^(?:self|this|cls)\./.test(assign.to) &&
        assign.to.slice(assign.to.indexOf('.') + 1) === name &&
        isInside(facts, assign.scope, of.scope);
      if (!inClass && !onSelf) continue;
      if (assign.value.k === 'null') continue;
      const settings = inClass
        ? libraries.settingsField(facts, own, assign, program.source(of.file, assign.at[2]))
        : undefined;
      if (settings !== undefined) {
        const fallback = assigned(assign, of.file, undefined);
        values.push({ value: orElse(settings, fallback, true), when: whenOf(of.file, assign.at[2]) });
        continue;
      }
      const frame: Frame | undefined =
        args !== undefined && maker >= 0 && assign.scope === maker
          ? { file: of.file, scope: maker, args, self: of, depth: 1 }
          : undefined;
      values.push({ value: assigned(assign, of.file, frame), when: whenOf(of.file, assign.at[2]) });
    }
    if (values.length === 0 && args?.has(name)) return args.get(name);
    if (values.length === 0 && maker >= 0) {
      // TypeScript's `constructor(private readonly path: string)`.
      const index = facts.scopes[maker]?.params?.findIndex((param) => param.name === name) ?? -1;
      if (index >= 0 && facts.language !== 'python')
        return parameter(of.file, maker, index, {
          file: of.file,
          scope: maker,
          before: Number.POSITIVE_INFINITY,
          frame: args === undefined ? undefined : { file: of.file, scope: maker, args, depth: 1 },
        });
    }
    if (values.length > 0) return values.length === 1 ? (values[0] as { value: Value }).value : either(values);
    for (const base of own.bases ?? []) {
      const value = evaluate(base, { file: of.file, scope: Math.max(0, own.parent), before: Number.POSITIVE_INFINITY });
      if (value.v === 'class') {
        const inherited = field({ ...of, file: value.file, scope: value.scope }, name, seen + 1);
        if (inherited !== undefined) return inherited;
      }
    }
    return undefined;
  }

  // Operators and indexes

  function readOperator(expr: Expr & { k: 'op' }, at: Standing): Value {
    const a = evaluate(expr.a, at);
    if (expr.b === undefined) return unknown(`operator ${expr.op}`);
    const b = (): Value => evaluate(expr.b as Expr, at);
    switch (expr.op) {
      case '+':
      case '.':
        if (a.v === 'sql') return a;
        return symbolOf(apply('concat', asSymbol(a), asSymbol(b())));
      case '/':
        return symbolOf(apply('pathlib', asSymbol(a), asSymbol(b())), 'pathlib');
      case '%':
        return libraries.format(a, b()) ?? unknown('operator %');
      case '||':
      case 'or':
      case '?:':
        return orElse(a, b(), false);
      case '??':
        return orElse(a, b(), true);
      case '&&':
      case 'and':
        return b();
      default:
        return unknown(`operator ${expr.op}`);
    }
  }

  function orElse(a: Value, b: Value, nullish: boolean): Value {
    if (a.v === 'nothing') return b;
    if (a.v === 'either') {
      return either(a.of.map(({ value, when }) => ({ value: orElse(value, b, nullish), when })));
    }
    if (a.v === 'symbol') {
      const symbol = { s: 'or' as const, a: a.symbol, b: asSymbol(b), ...(nullish ? { nullish: true as const } : {}) };
      return a.path === undefined ? symbolOf(symbol) : symbolOf(symbol, a.path);
    }
    if (a.v === 'unknown' || a.v === 'made' || a.v === 'external') {
      return either([
        { value: a.v === 'unknown' ? a : symbolOf(hole(a.name)), when: 'it is given' },
        { value: b, when: 'it is not given' },
      ]);
    }
    return a;
  }

  function readIndex(expr: Expr & { k: 'index' }, at: Standing): Value {
    const of = evaluate(expr.of, at);
    const { key } = expr;
    if (isEach(key)) return each(of, stepAt(at), key.why === 'each key' ? 'keys' : takeOf(at));
    const name = key.k === 'text' ? key.v : undefined;
    const line = lineOf(key) ?? at.line ?? 1;
    const special = libraries.index(program.facts(at.file).language, of, name, key, program.source(at.file, line));
    if (special !== undefined) return special;
    if (name !== undefined) return element(of, name, at);
    if (key.k === 'number') return element(of, key.v, at);
    if (of.v === 'connection') return of;
    // What is computed is looked at only where something is known to be taken from.
    if (key.k === 'unknown' || (of.v !== 'map' && of.v !== 'list' && of.v !== 'either' && of.v !== 'module'))
      return unknown('an element');
    return computedElement(of, evaluate(key, at), at);
  }

  function computedElement(of: Value, key: Value, at: Standing): Value {
    if (key.v === 'either')
      return either(key.of.map((one) => ({ value: computedElement(of, one.value, at), when: one.when })));
    const name = plainText(key);
    if (name !== undefined) return element(of, name, at);
    if (key.v === 'number') return element(of, key.n, at);
    const from = of.v === 'module' ? exported(of.file, 'default') : of;
    return key.v === 'nothing' ? unknown('an element') : anyEntry(from, stepAt(at));
  }

  function element(of: Value, key: string | number, at: Standing): Value {
    switch (of.v) {
      case 'either':
        return either(of.of.map((one) => ({ value: element(one.value, key, at), when: one.when })));
      case 'map':
        return of.entries.get(String(key)) ?? unknown(`it has no ${key}`);
      case 'list':
        if (typeof key === 'number') return of.items.at(key) ?? unknown('beyond its end');
        break;
      case 'connection':
        return of;
    }
    if (typeof key === 'number') return unknown('an element');
    return setting(key, at) ?? unknown(`${key} is set nowhere`);
  }

  const stepAt = (at: Standing): Step => ({ file: at.file, line: at.line ?? 1 });
  const takeOf = (at: Standing): Take => (program.facts(at.file).language === 'python' ? 'members' : 'values');

  /** `app.config["X"]`: whoever writes it, in code or in a class of settings. */
  function setting(key: string, _at: Standing): Value | undefined {
    if (!/^[A-Z][A-Z0-9_]+$/.test(key)) return undefined;
    const found = program
      .assignsTo(key)
      .filter(({ assign }) => assign.to === key || /config|settings/i.test(assign.to));
    if (found.length === 0) return undefined;
    return either(
      found
        .slice(0, 6)
        .map(({ file, assign }) => ({ value: assigned(assign, file, undefined), when: whenOf(file, assign.at[2]) })),
    );
  }

  // Calls

  function readCall(call: Call, at: Standing): Value {
    const loaded = libraries.require(call);
    if (loaded !== undefined) return required(call, loaded, at);
    const here = { ...at, line: call.at[2] };
    return callValue(evaluate(call.fn, here), call, here);
  }

  function callValue(target: Value, call: Call, at: Standing): Value {
    switch (target.v) {
      case 'either':
        return either(target.of.map((one) => ({ value: callValue(one.value, call, at), when: one.when })));
      case 'function': {
        const own = program.facts(target.file).scopes[target.scope];
        if (own === undefined) return unknown('a function');
        const args = bind(own, call, at, target.self !== undefined || isMethod(target.file, target.scope));
        return callFunction(target, args, (at.frame?.depth ?? 0) + 1);
      }
      case 'class':
        return construct(target, call, at);
      case 'connection':
        return target;
      case 'module': {
        const made = exported(target.file, 'default');
        return made.v === 'function' || made.v === 'class' || made.v === 'connection'
          ? callValue(made, call, at)
          : (passThrough(call, at) ?? unknown('a call of a module'));
      }
      case 'external':
      case 'made': {
        const name = target.v === 'made' ? `${target.name}()` : target.name;
        if (name === 'list.map' && target.v === 'external' && target.self?.v === 'list')
          return mapped(target.self, call, at) ?? unknown('an array');
        const value = libraries.call(name, call, at, evaluator, target.v === 'made' ? target : target.self);
        if (value !== undefined) return value;
        return (
          passThrough(call, at) ?? {
            v: 'made',
            name,
            call,
            frame: at.frame ?? { file: at.file, scope: at.scope, args: new Map(), depth: 0 },
          }
        );
      }
      default:
        return passThrough(call, at) ?? unknown(target.v === 'unknown' ? target.why : `a call of ${target.v}`);
    }
  }

  /** A library's call that is given a connection gives back something that works on it: a session, a wrapper, a cursor. */
  function passThrough(call: Call, at: Standing): Value | undefined {
    for (const arg of [...call.args, ...Object.values(call.named ?? {})]) {
      if (arg.k !== 'name' && arg.k !== 'member' && arg.k !== 'call' && arg.k !== 'map') continue;
      const value = evaluate(arg, at);
      if (value.v === 'connection') return value;
      if (value.v === 'map') for (const one of value.entries.values()) if (one.v === 'connection') return one;
    }
    return undefined;
  }

  function required(call: Call, module: string, at: Standing): Value {
    const fact = program
      .facts(at.file)
      .imports.find((one) => one.module === module && one.at[0] >= call.at[0] && one.at[1] <= call.at[1]);
    if (fact !== undefined) return imported(at.file, { ...fact, as: fact.as ?? module }, null);
    return { v: 'external', name: libraries.moduleName(program.facts(at.file).language, module) };
  }

  function callFunction(fn: Value & { v: 'function' }, args: ReadonlyMap<string, Value>, level: number): Value {
    const facts = program.facts(fn.file);
    const own = facts.scopes[fn.scope];
    if (own === undefined || level > DEPTH) return cut('calls too deep');
    const key = `call ${fn.file}:${fn.scope}`;
    if (running.has(key)) return cut('it calls itself');
    running.add(key);
    try {
      const frame: Frame = {
        file: fn.file,
        scope: fn.scope,
        args,
        depth: level,
        ...(fn.self === undefined ? {} : { self: fn.self }),
      };
      const values = (own.returns ?? []).map((expr) => ({
        value: evaluate(expr, { file: fn.file, scope: fn.scope, before: Number.POSITIVE_INFINITY, frame }),
        when: `${own.name || 'it'} returns it`,
      }));
      if (values.length === 0) return { v: 'nothing' };
      const real = values.filter(({ value }) => value.v !== 'nothing');
      if (real.length === 0) return { v: 'nothing' };
      return real.length === 1 ? (real[0] as { value: Value }).value : either(real);
    } finally {
      running.delete(key);
    }
  }

  function construct(cls: Value & { v: 'class' }, call: Call, at: Standing): Value {
    const facts = program.facts(cls.file);
    const index = facts.scopes.findIndex(
      (scope) => scope.parent === cls.scope && /^(?:__init__|constructor|__construct)$/.test(scope.name),
    );
    const own = facts.scopes[index];
    const args =
      own !== undefined
        ? bind(own, call, at, true)
        : new Map(Object.entries(call.named ?? {}).map(([name, value]) => [name, evaluate(value, at)] as const));
    return { v: 'object', file: cls.file, scope: cls.scope, args };
  }

  function isMethod(file: string, scope: number): boolean {
    const { scopes } = program.facts(file);
    return scopes[scopes[scope]?.parent ?? -1]?.kind === 'class';
  }

  function bind(own: Scope, call: Call, at: Standing, method: boolean): Map<string, Value> {
    const bound = new Map<string, Value>();
    const params = (own.params ?? []).filter(
      (param, index) => !(method && index === 0 && /^(?:self|cls)$/.test(param.name)),
    );
    let position = 0;
    for (const param of params) {
      if (param.rest) {
        const keyword = call.named?.[param.name];
        if (keyword !== undefined) bound.set(param.name, evaluate(keyword, at));
        continue;
      }
      if (param.property !== undefined) {
        const options = call.args[position];
        if (options?.k === 'map') {
          const entry = options.entries.find(
            ([key]) => (key.k === 'text' || key.k === 'name') && key.v === param.property,
          );
          if (entry !== undefined) bound.set(param.name, evaluate(entry[1], at));
        }
        continue;
      }
      const keyword = call.named?.[param.name];
      const positional = call.args[position++];
      const given = keyword ?? positional;
      if (given !== undefined && !(given.k === 'name' && given.v === 'undefined'))
        bound.set(param.name, evaluate(given, at));
    }
    return bound;
  }

  function argument(call: Call, index: number, name: string | undefined, at: Standing): Value | undefined {
    const given = name === undefined ? undefined : call.named?.[name];
    if (given !== undefined) return evaluate(given, at);
    const positional = index < 0 ? undefined : call.args[index];
    if (positional !== undefined && !(positional.k === 'unknown' && positional.why === 'spread')) {
      return evaluate(positional, at);
    }
    if (name !== undefined) {
      for (const spread of call.spreads ?? []) {
        const value = evaluate(spread, at);
        const found = value.v === 'map' ? value.entries.get(name) : undefined;
        if (found !== undefined) return found;
      }
    }
    return positional === undefined ? undefined : evaluate(positional, at);
  }

  function frameOf(fn: Value & { v: 'function' }, call: Call, at: Standing): Frame | undefined {
    const own = program.facts(fn.file).scopes[fn.scope];
    if (own === undefined) return undefined;
    const args = bind(own, call, at, fn.self !== undefined || isMethod(fn.file, fn.scope));
    const level = (at.frame?.depth ?? 0) + 1;
    return { file: fn.file, scope: fn.scope, args, depth: level, ...(fn.self === undefined ? {} : { self: fn.self }) };
  }

  function whenOf(file: string, line: number): string {
    return `${file}:${line} applies`;
  }

  const evaluator: Evaluator = { program, evaluate, exported, attribute, argument, frameOf };
  return evaluator;
}

function extended(was: Value, items: readonly Value[]): Value {
  if (was.v === 'list') return { v: 'list', items: [...was.items, ...items] };
  return was.v === 'unknown' || was.v === 'nothing' ? { v: 'list', items } : was;
}

function withoutSpans(key: string, value: unknown): unknown {
  return key === 'at' ? undefined : value;
}

/** Methods of a map of Python; of other maps they are keys. */
const TAKES_ALL = /^(?:items|keys|values|get)$/;

/** What the block that `at` stands in assigned for certain hides what may have been assigned before. */
function inForce<F extends { readonly scope: number; readonly candidates: readonly Candidate[] }>(
  found: F,
  at: Standing,
): F {
  if (found.candidates.length < 2 || found.scope !== at.scope) return found;
  const last = found.candidates.findLastIndex(
    ({ is, ...one }) => is === 'assign' && 'assign' in one && holdsAt(one.assign, at.before),
  );
  return last <= 0 ? found : { ...found, candidates: found.candidates.slice(last) };
}

const holdsAt = ({ at, until }: Assign, offset: number): boolean =>
  until !== undefined && at[0] < offset && offset <= until;

function lineOf(expr: Expr): number | undefined {
  return 'at' in expr ? expr.at[2] : undefined;
}

function isInside(facts: FileFacts, scope: number, outer: number): boolean {
  for (let at = scope; at >= 0; at = facts.scopes[at]?.parent ?? -1) if (at === outer) return true;
  return false;
}

const loopIndex = new WeakMap<FileFacts, ReadonlyMap<number, CallSite>>();
const LOOPS = /^(?:forEach|map|flatMap|filter|some|every)$/;

/** The call that a function written in its brackets is given to, where that takes the items of a list one by one. */
function givenTo(facts: FileFacts): ReadonlyMap<number, CallSite> {
  let index = loopIndex.get(facts) as Map<number, CallSite> | undefined;
  if (index !== undefined) return index;
  index = new Map();
  for (const site of callsOf(facts)) {
    const [given] = site.call.args;
    if (given?.k === 'function' && LOOPS.test(site.name)) index.set(given.scope, site);
  }
  loopIndex.set(facts, index);
  return index;
}

const fieldIndex = new WeakMap<FileFacts, ReadonlyMap<string, readonly Assign[]>>();

/** Assignments to a plain name or to one of `self`, `this`, `cls`, by that name. */
function fieldsOf(facts: FileFacts): ReadonlyMap<string, readonly Assign[]> {
  const known = fieldIndex.get(facts);
  if (known !== undefined) return known;
  const index = new Map<string, Assign[]>();
  for (const assign of facts.assigns) {
    const name = /^(?:(?:self|this|cls)\.)?([\w$]+)$/.exec(assign.to)?.[1];
    if (name === undefined) continue;
    const list = index.get(name);
    if (list === undefined) index.set(name, [assign]);
    else list.push(assign);
  }
  fieldIndex.set(facts, index);
  return index;
}
