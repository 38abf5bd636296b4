/** Where a script asks before it acts, or refuses in production (trap C18). */
import type { Expr, FileFacts } from '../facts.ts';
import { dottedName, lineOf, rootsOf, walkExpr } from '../walk-expr.ts';
import type { Mark } from './model.ts';
import { optionsOf } from './options.ts';

/** Variables that say where a program runs. */
const WHERE =
  /^(?:[A-Z][A-Z_]*_)?(?:ENV|ENVIRONMENT|STAGE|PROFILE)$|^(?:DJANGO_|FLASK_|APP_)?DEBUG$|^(?:IS_)?PROD(?:UCTION)?$|^(?:is|in|IS_|IN_)_?(?:prod|production|Prod|Production|PROD|PRODUCTION)$/;
/** Variables and options that somebody must set on purpose. */
const CONSENT =
  /(?:^|[-_])(?:yes|force|confirm(?:ed)?|really|allow|apply|execute|commit|danger(?:ous)?|destructive|sure|i-know|no-dry-run)(?:$|[-_])/i;
/** Variables that somebody sets for this alone; `FORCE_SCRIPT_NAME` and `CURRENT_COMMIT` are others. */
const CONSENT_VARIABLE =
  /^(?:[A-Z]+_)*(?:YES|CONFIRM(?:ED)?|FORCE|REALLY|SURE|DANGEROUS|DESTRUCTIVE)$|^(?:CONFIRM|ALLOW|I_KNOW|REALLY)_\w+$/i;
const SAFE_DEFAULT = /^--(?:dry-run|dryrun|simulate|preview|check|no-act|noop)$/;
const ASKS =
  /^(?:input|raw_input|readline|prompt|confirm|prompts|ask)$|(?:^|\.)(?:confirm|confirmation_option|question|questionAsync|askQuestion|keyInYN|keyInYNStrict)$|^(?:inquirer|enquirer|prompts|readlineSync|readline-sync|questionary|Confirm|Prompt|click|typer|prompt)\.(?:prompt|ask|confirm|question|text|select)$|^window\.confirm$/;

/** `text`: of a shell script, whose conditions are not among its facts. Ordered by line. */
export function guardsOf(facts: FileFacts, text = ''): readonly Mark[] {
  const found: Mark[] = [];
  const tested = new Set<string>();
  const environments = environmentNames(facts);
  for (const { value, test, line } of rootsOf(facts)) {
    const look = (condition: Expr): void => {
      const mark = checkIn(condition, environments);
      if (mark !== undefined) found.push({ line: lineOf(condition) ?? line, text: mark });
      walkExpr(condition, (expr) => {
        if (expr.k === 'member' || expr.k === 'name') tested.add(expr.v);
        else if (expr.k === 'index' && expr.key.k === 'text') tested.add(expr.key.v);
      });
    };
    if (test) look(value);
    walkExpr(value, (expr) => {
      if (expr.k === 'if') look(expr.test);
      // `ok && reset()`
      else if (expr.k === 'op' && /^(?:&&|\|\||and|or)$/.test(expr.op) && !test) look(expr.a);
      else if (expr.k === 'call' && ASKS.test(dottedName(expr.fn)))
        found.push({ line: expr.at[2], text: `${dottedName(expr.fn)}()` });
    });
  }
  for (const option of optionsOf(facts)) {
    const isRead = option.readAs.some((name) => tested.has(name));
    if (option.asks === true) found.push({ line: option.line, text: `${option.name} asks` });
    else if (isRead && CONSENT.test(option.name.replace(/^-+/, '')))
      found.push({ line: option.line, text: option.name });
    else if (isRead && option.default === true && SAFE_DEFAULT.test(option.name))
      found.push({ line: option.line, text: `${option.name} is the default` });
  }
  for (const { params = [], at } of facts.scopes) {
    for (const { name, default: given } of params) {
      if (/^dry_?run$/i.test(name) && given?.k === 'bool' && given.v && tested.has(name))
        found.push({ line: at[2], text: `${name} is the default` });
    }
  }
  if (facts.language === 'shell') found.push(...shellGuards(text));
  return once(found);
}

/** Names that hold where the program runs: `env = os.getenv("APP_ENV")`. */
function environmentNames(facts: FileFacts): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { to, value } of facts.assigns) {
    walkExpr(value, (expr) => {
      if (isWhere(expr, names)) names.add(to);
    });
  }
  return names;
}

function isWhere(expr: Expr, names: ReadonlySet<string>): boolean {
  if (expr.k === 'member') return WHERE.test(expr.v) || names.has(dottedName(expr));
  if (expr.k === 'name') return WHERE.test(expr.v) || names.has(expr.v);
  if (expr.k === 'index') return expr.key.k === 'text' && WHERE.test(expr.key.v);
  if (expr.k !== 'call' || !/(?:^|\.)(?:getenv|get|env|environ|config)$/.test(dottedName(expr.fn))) return false;
  const [name] = expr.args;
  return name?.k === 'text' && WHERE.test(name.v);
}

/** What a condition asks for, if it asks where it runs or for consent. */
function checkIn(condition: Expr, environments: ReadonlySet<string>): string | undefined {
  let mark: string | undefined;
  let production: string | undefined;
  let readsArguments = false;
  let consent: string | undefined;
  walkExpr(condition, (expr) => {
    if (isWhere(expr, environments)) mark ??= `asks for ${nameOf(expr)}`;
    else if (expr.k === 'text' && /^prod(?:uction)?$/i.test(expr.v)) production ??= `asks for "${expr.v}"`;
    else if (expr.k === 'text' && CONSENT.test(expr.v) && expr.v.length < 40) consent ??= expr.v;
    if ((expr.k === 'member' || expr.k === 'name') && /^(?:argv|args)$/i.test(expr.v)) readsArguments = true;
    if (expr.k === 'member' && dottedName(expr.of) === 'process.env' && CONSENT_VARIABLE.test(expr.v))
      mark ??= `asks for ${expr.v}`;
    if (expr.k === 'call' && /(?:^|\.)(?:getenv|environ\.get)$/.test(dottedName(expr.fn))) {
      const [name] = expr.args;
      if (name?.k === 'text' && CONSENT_VARIABLE.test(name.v)) mark ??= `asks for ${name.v}`;
    }
  });
  return mark ?? production ?? (readsArguments && consent !== undefined ? `asks for ${consent}` : undefined);
}

function nameOf(expr: Expr): string {
  if (expr.k === 'member' || expr.k === 'name') return expr.v;
  if (expr.k === 'index' && expr.key.k === 'text') return expr.key.v;
  const [name] = expr.k === 'call' ? expr.args : [];
  return name?.k === 'text' ? name.v : 'the environment';
}

/** `read -p`, `select`, `[ "$APP_ENV" = production ]`, `case $1 in --yes)`. */
function shellGuards(text: string): readonly Mark[] {
  return text.split(/\r\n|\n|\r/).flatMap((line, index) => {
    const plain = line.replace(/(?:^|\s)#.*$/, '').slice(0, 500);
    const mark = (what: string): readonly Mark[] => [{ line: index + 1, text: what }];
    if (/(?:^|[\s;&|(])(?:read\s+(?:-\w+\s+)*(?:-\w*p|\w)|select\s+\w+\s+in)\b/.test(plain) && !/\bwhile\b/.test(plain))
      return mark('read');
    const isTest = /(?:^|[\s;&|!(])(?:\[\[?|test|case|if)\s/.test(plain);
    const variable = isTest ? /\$\{?(\w+)/g : undefined;
    for (const match of variable === undefined ? [] : plain.matchAll(variable)) {
      const name = match[1] as string;
      if (WHERE.test(name) || CONSENT_VARIABLE.test(name)) return mark(`asks for ${name}`);
    }
    if (isTest && /\bprod(?:uction)?\b|--(?:yes|force|confirm)\b/i.test(plain)) return mark('asks in a condition');
    return /^\s*(?:-\w\|)?--(?:yes|force|confirm)(?:\|-\w)?\)/.test(plain) ? mark('asks for an option') : [];
  });
}

function once(marks: readonly Mark[]): readonly Mark[] {
  const seen = new Set<string>();
  return marks
    .filter(({ line, text }) => {
      const key = `${line} ${text}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .sort((x, y) => x.line - y.line);
}
