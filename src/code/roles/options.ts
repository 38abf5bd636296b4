/** Options of a command line that a file declares (argparse, click, typer, commander, yargs, parseArgs), and whether it reads them. */
import type { Expr, FileFacts } from '../facts.ts';
import { dottedName, rootsOf, walkExpr } from '../walk-expr.ts';

export interface Option {
  /** The first long spelling, with its dashes: `--dry-run`. */
  readonly name: string;
  readonly spellings: readonly string[];
  readonly line: number;
  /** Names that its value may be read by: `dry_run`, `dryRun`. */
  readonly readAs: readonly string[];
  readonly by: 'argparse' | 'click' | 'typer' | 'commander' | 'yargs' | 'parseArgs';
  /** Its default, where it is true or false: `--dry-run` with `default=True` protects. */
  readonly default?: boolean;
  /** It asks by itself (`prompt=True`). */
  readonly asks?: true;
  /** It does its work by itself: `--help`, `--version`, callbacks. */
  readonly selfActing?: true;
  /** The function that gets it as a parameter. */
  readonly scope?: number;
}

type Call = Expr & { readonly k: 'call' };

const FLAG = /^--?[A-Za-z][\w-]*$/;

export function optionsOf(facts: FileFacts): readonly Option[] {
  const options: Option[] = [];
  for (const { value } of rootsOf(facts)) {
    walkExpr(value, (expr) => {
      if (expr.k !== 'call') return;
      const found = declared(expr);
      if (found !== undefined) options.push(...found);
    });
  }
  facts.scopes.forEach((scope, index) => {
    for (const decorator of scope.decorators ?? []) {
      if (decorator.k !== 'call' || !/(?:^|\.)option$/.test(dottedName(decorator.fn))) continue;
      const at = options.findIndex(({ line, by }) => by === 'click' && line === decorator.at[2]);
      if (at >= 0) options[at] = { ...(options[at] as Option), scope: index };
    }
    for (const param of scope.params ?? []) {
      if (param.default?.k !== 'call' || !/(?:^|\.)Option$/.test(dottedName(param.default.fn))) continue;
      const spelled = `--${param.name.replaceAll('_', '-')}`;
      const [first] = param.default.args;
      const base = {
        name: spelled,
        spellings: [spelled],
        readAs: [param.name],
        line: param.default.at[2],
        by: 'typer' as const,
        scope: index,
      };
      options.push({ ...base, ...(first?.k === 'bool' ? { default: first.v } : {}) });
    }
  });
  return options.sort((x, y) => x.line - y.line);
}

function declared(call: Call): readonly Option[] | undefined {
  const name = dottedName(call.fn);
  // Options of a browser have `add_argument` too.
  if (/(?:^|\.)add_argument$/.test(name) && !/options?\.add_argument$/i.test(name)) return fromPython(call, 'argparse');
  if (/^(?:click|typer|asyncclick|rich_click)\.option$|^option$/.test(name)) return fromPython(call, 'click');
  if (/\.(?:option|requiredOption)$/.test(name)) return fromScript(call);
  if (/(?:^|\.)parseArgs$/.test(name)) return fromParseArgs(call);
  return undefined;
}

function fromPython(call: Call, by: 'argparse' | 'click'): readonly Option[] | undefined {
  const texts = call.args.flatMap((arg) => (arg.k === 'text' ? [arg.v] : []));
  // click: `--shout/--no-shout`.
  const spellings = texts.flatMap((text) => text.split('/')).filter((text) => FLAG.test(text.trim()));
  const name = spellings.find((text) => text.startsWith('--')) ?? spellings[0];
  if (name === undefined) return undefined;
  const named = call.named ?? {};
  const dest =
    named.dest?.k === 'text'
      ? named.dest.v
      : by === 'click'
        ? texts.find((text) => /^[A-Za-z_]\w*$/.test(text))
        : undefined;
  const action = named.action?.k === 'text' ? named.action.v : '';
  const ownAction = named.action !== undefined && named.action.k !== 'text';
  const selfActing =
    /^(?:help|version)$/.test(action) || ownAction || named.callback !== undefined || named.expose_value !== undefined;
  const given =
    named.default?.k === 'bool'
      ? named.default.v
      : action === 'store_true'
        ? false
        : action === 'store_false'
          ? true
          : undefined;
  return [
    {
      name,
      spellings,
      line: call.at[2],
      readAs: [dest ?? name.replace(/^-+/, '').replaceAll('-', '_')],
      by,
      ...(given === undefined ? {} : { default: given }),
      ...(named.prompt !== undefined ? { asks: true as const } : {}),
      ...(selfActing ? { selfActing: true as const } : {}),
    },
  ];
}

/** `.option('-d, --dry-run <x>', 'text', false)` of commander, `.option('dry-run', {…})` of yargs. */
function fromScript(call: Call): readonly Option[] | undefined {
  const [first, second, third] = call.args;
  if (first?.k !== 'text') return undefined;
  const spellings = first.v.split(/[\s,|]+/).filter((text) => FLAG.test(text));
  const isYargs = spellings.length === 0 && /^[A-Za-z][\w-]*$/.test(first.v) && second?.k === 'map';
  const name = isYargs ? `--${first.v}` : (spellings.find((text) => text.startsWith('--')) ?? spellings[0]);
  if (name === undefined) return undefined;
  const plain = name.replace(/^-+/, '').replace(/^no-/, '');
  const given = isYargs ? entryOf(second, 'default') : third;
  return [
    {
      name,
      spellings: isYargs ? [name] : spellings,
      line: call.at[2],
      readAs: [camel(plain), plain],
      by: isYargs ? 'yargs' : 'commander',
      ...(given?.k === 'bool' ? { default: given.v } : name.startsWith('--no-') ? { default: true } : {}),
    },
  ];
}

/** `parseArgs({ options: { 'dry-run': { type: 'boolean' } } })` of node:util. */
function fromParseArgs(call: Call): readonly Option[] | undefined {
  const list = call.args[0] === undefined ? undefined : entryOf(call.args[0], 'options');
  if (list?.k !== 'map') return undefined;
  return list.entries.flatMap(([key, value]): readonly Option[] => {
    if (key.k !== 'text' && key.k !== 'name') return [];
    const given = entryOf(value, 'default');
    const name = `--${key.v}`;
    const base = { name, spellings: [name], line: call.at[2], readAs: [key.v], by: 'parseArgs' as const };
    return [{ ...base, ...(given?.k === 'bool' ? { default: given.v } : {}) }];
  });
}

function entryOf(expr: Expr, key: string): Expr | undefined {
  if (expr.k !== 'map') return undefined;
  return expr.entries.find(([name]) => (name.k === 'text' || name.k === 'name') && name.v === key)?.[1];
}

function camel(name: string): string {
  return name.replace(/-(\w)/g, (_whole, letter: string) => letter.toUpperCase());
}
