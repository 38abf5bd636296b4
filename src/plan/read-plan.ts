/** Reads a plan file. Whatever is not known, misspelt or of the wrong kind is an error with its place: in a plan nothing is passed over. Whole because it is the grammar of one file. */
import type { Node } from 'yaml';
import type { MergeTable } from '../merge/settings.ts';
import { actionTypes } from './actions/index.ts';
import { ACTION_KEYS, APPROVAL_KEYS, DECISION_KEYS, type KeySpec, PLAN_KEYS, POLICY_KEYS } from './keys.ts';
import { readTables } from './merge-tables.ts';
import type { Action, ActionKind, Approval, Decision, Left, Need, Plan, Policy, Risk } from './model.ts';
import { isProjectPath } from './project-paths.ts';
import { validatePlan } from './validate.ts';
import { type Entry, freeKeys, openYaml, type YamlReader } from './yaml-reader.ts';

export const PLAN_NAME = 'desprawl-plan.yaml';

const RISKS: readonly Risk[] = ['low', 'medium', 'high'];
const ID = /^[\w][\w.-]*$/;

/** `name` is how errors call the file; `checks`, `measures`: names that the configuration knows, if it is known. Throws `DSP-PLAN-INVALID`. */
export function readPlan(
  text: string,
  name: string,
  known: { readonly checks?: readonly string[]; readonly measures?: readonly string[] } = {},
): Plan {
  const yaml = openYaml(text, name);
  if (yaml.root === null) yaml.fail(null, 'the file is empty', 'Run `desprawl plan`.');
  const top = yaml.map(yaml.root, 'the plan', PLAN_KEYS);
  const value = (key: string): Node | null => top.get(key)?.value ?? null;
  const version = yaml.number(value('version'), 'version') ?? yaml.fail(yaml.root, 'version is missing');
  if (version !== 1) {
    yaml.fail(value('version'), `this desprawl reads version 1, not ${version}`, 'Use the desprawl that wrote it.');
  }
  const id = yaml.text(value('plan'), 'plan') ?? yaml.fail(yaml.root, 'plan is missing: the id of the plan');
  if (!ID.test(id)) yaml.fail(value('plan'), `"${id}" is no id of a plan: letters, digits, - _ and . only`);

  const nodes = new Map<string, ReadonlyMap<string, Entry>>();
  const decisions = yaml.list(value('decisions'), 'decisions').map((node) => {
    const entries = yaml.map(node, 'a decision', DECISION_KEYS);
    const decision = readDecision(yaml, node, entries);
    if (nodes.has(`? ${decision.id}`)) yaml.fail(node, `there are two decisions ${decision.id}`);
    nodes.set(`? ${decision.id}`, entries);
    return decision;
  });
  const actions = yaml.list(value('actions'), 'actions').map((node) => {
    const { action, entries } = readAction(yaml, node);
    if (nodes.has(action.id)) yaml.fail(entries.get('id')?.value, `there are two actions ${action.id}`);
    nodes.set(action.id, entries);
    return action;
  });
  const plan: Plan = {
    version: 1,
    plan: id,
    decisions,
    actions,
    left: lefts(yaml, value('left'), 'left'),
    checks: names(yaml, value('checks'), 'checks', known.checks),
    measures: names(yaml, value('measures'), 'measures', known.measures),
    policy: readPolicy(yaml, value('policy')),
    approvals: yaml.list(value('approvals'), 'approvals').map((node) => readApproval(yaml, node)),
  };
  validatePlan(plan, yaml, (of, key) => {
    const entries = nodes.get(of);
    return entries?.get(key)?.value ?? [...(entries?.values() ?? [])][0]?.value ?? null;
  });
  return plan;
}

function readDecision(yaml: YamlReader, node: Node, entries: ReadonlyMap<string, Entry>): Decision {
  const value = (key: string): Node | null => entries.get(key)?.value ?? null;
  const id = yaml.text(value('decision'), 'decision') ?? yaml.fail(node, 'a decision needs its id: `decision: …`');
  const what = `decision ${id}`;
  const keys = freeKeys(value('choices'));
  const choices = yaml.map(value('choices') ?? yaml.fail(node, `${what} has no choices`), `choices of ${id}`, keys);
  const choiceOf = (key: 'proposal' | 'chosen'): string | null => {
    const word = yaml.text(value(key), key);
    if (word !== null && !keys.includes(word)) {
      const hint = `Choices of ${id}: ${keys.join(', ')}.`;
      yaml.fail(value(key), `"${word}" is no choice of ${id}${yaml.guess(word, keys)}`, hint);
    }
    return word;
  };
  return {
    id,
    question: yaml.text(value('question'), 'question') ?? yaml.fail(node, `${what} has no question`),
    evidence: texts(yaml, value('evidence'), 'evidence'),
    choices: Object.fromEntries(keys.map((key) => [key, yaml.text(choices.get(key)?.value ?? null, key) ?? ''])),
    proposal: choiceOf('proposal'),
    chosen: choiceOf('chosen'),
  };
}

function readAction(yaml: YamlReader, node: Node): { action: Action; entries: ReadonlyMap<string, Entry> } {
  const kinds = actionTypes.map(({ kind }) => kind);
  const common = ACTION_KEYS.map(({ name }) => name);
  const all = [...kinds, ...common, ...actionTypes.flatMap(({ keys }) => keys.map(({ name }) => name))];
  const any = yaml.map(node, 'an action', [...new Set(all)]);
  const found = kinds.filter((kind) => any.has(kind));
  const [kind] = found;
  if (kind === undefined) {
    return yaml.fail(node, `an action needs what is done to what: one of ${kinds.join(', ')}`);
  }
  if (found.length > 1) yaml.fail(any.get(found[1] ?? '')?.key, `an action is one of ${found.join(' and ')}, not both`);
  const type = actionTypes.find((one) => one.kind === kind);
  const specs = [...(type?.keys ?? []), ...ACTION_KEYS];
  const entries = yaml.map(node, `an action of kind ${kind}`, [kind, ...specs.map(({ name }) => name)]);
  const at = (key: string): Node | null => entries.get(key)?.value ?? null;
  const subject = yaml.text(at(kind), kind) ?? yaml.fail(entries.get(kind)?.key, `${kind}: of what?`);
  if (kind !== 'ignore') path(yaml, at(kind), subject, kind);
  const id = yaml.text(at('id'), 'id') ?? yaml.fail(entries.get(kind)?.key, `${kind}: ${subject} has no id`);
  if (!ID.test(id)) yaml.fail(at('id'), `"${id}" is no id: letters, digits, - _ and . only`);
  const read: Record<string, unknown> = { kind, subject };
  for (const spec of specs) read[spec.name] = readKey(yaml, spec, at(spec.name));
  if ((kind === 'move' || kind === 'repoint') && read.to === null) yaml.fail(node, `${kind}: ${subject} needs \`to:\``);
  if (kind === 'merge') {
    const from = read.from as readonly string[];
    if (from.length === 0)
      yaml.fail(entries.get(kind)?.key, `merge: ${subject} needs \`from:\`, the stores that come in`);
    if (from.includes(subject)) yaml.fail(at('from'), `${subject} is the target, and cannot come into itself`);
    const twice = from.find((one, i) => from.indexOf(one) !== i);
    if (twice !== undefined) yaml.fail(at('from'), `${twice} is named twice`);
    if (read['id-map'] !== null && read['id-map'] !== 'table')
      yaml.fail(at('id-map'), 'id-map can only be `table`; without it the ledger alone has the id map');
    for (const { table, from: other, apart } of read.tables as readonly MergeTable[]) {
      const strange = [...Object.keys(other), ...apart].find((one) => !from.includes(one));
      if (strange !== undefined)
        yaml.fail(at('tables'), `${table}: ${strange} is none of the stores in \`from:\`${yaml.guess(strange, from)}`);
    }
  }
  const finding = /^ ?([a-z]+(?:-[a-z]+)+)\s*$/.exec((at('reason') as { comment?: string } | null)?.comment ?? '');
  return { action: complete(kind, { ...read, finding: finding?.[1] ?? null }), entries };
}

/** Keys that are left out have the value that they then mean. */
function complete(kind: ActionKind, read: Record<string, unknown>): Action {
  const { owner, due, ...rest } = read;
  return {
    ...rest,
    ...(owner === null ? {} : { owner }),
    ...(due === null ? {} : { due }),
    reason: read.reason ?? '',
    undo: read.undo ?? '',
    takes: read.takes ?? '',
    risk: read.risk ?? 'low',
    skip: read.skip ?? false,
    docs: read.docs ?? false,
    phase: read.phase ?? 1,
    ...(kind === 'ignore' ? { file: read.file ?? '.gitignore' } : {}),
  } as unknown as Action;
}

function readKey(yaml: YamlReader, { name, type }: KeySpec, node: Node | null): unknown {
  switch (type) {
    case 'text':
    case 'content':
      return yaml.text(node, name);
    case 'path': {
      const found = yaml.text(node, name);
      return found === null || name === 'to' ? withSlash(yaml, node, found) : path(yaml, node, found, name);
    }
    case 'paths':
      return paths(yaml, node, name);
    case 'texts':
      return texts(yaml, node, name);
    case 'names':
      return texts(yaml, node, name);
    case 'flag':
      return yaml.flag(node, name);
    case 'number': {
      const found = yaml.number(node, name);
      return found !== null && found < 1 ? yaml.fail(node, `${name} must be 1 or more`) : found;
    }
    case 'date': {
      const found = yaml.text(node, name);
      const isDay = found === null || (/^\d{4}-\d\d-\d\d$/.test(found) && !Number.isNaN(Date.parse(found)));
      return isDay ? found : yaml.fail(node, `${name} must be a day such as 2026-12-01`);
    }
    case 'risk': {
      const found = yaml.text(node, name);
      const isRisk = found === null || RISKS.some((risk) => risk === found);
      return isRisk ? found : yaml.fail(node, `${name} must be ${RISKS.join(', ')}`);
    }
    case 'files':
      return filesOf(yaml, node, name);
    case 'left':
      return lefts(yaml, node, name);
    case 'needs':
      return needs(yaml, node);
    case 'merge-tables':
      return readTables(yaml, node);
  }
}

/** A destination may be told to be a folder by a `/` at its end. */
function withSlash(yaml: YamlReader, node: Node | null, found: string | null): string | null {
  if (found !== null) path(yaml, node, found.replace(/\/$/, ''), 'to');
  return found;
}

function path(yaml: YamlReader, node: Node | null, found: string, what: string): string {
  const why = isProjectPath(found);
  return why === null ? found : yaml.fail(node, `${what}: "${found}" ${why}`);
}

function paths(yaml: YamlReader, node: Node | null, what: string): readonly string[] | null {
  if (node === null && what === 'in') return null;
  return yaml.list(node, what).map((one) => {
    const found = yaml.text(one, what) ?? yaml.fail(one, `${what}: a path is missing`);
    return path(yaml, one, found, what);
  });
}

function filesOf(yaml: YamlReader, node: Node | null, what: string): readonly string[] | number | null {
  if (node === null) return null;
  const isNumber = typeof (node as { value?: unknown }).value === 'number';
  return isNumber ? yaml.number(node, what) : paths(yaml, node, what);
}

function texts(yaml: YamlReader, node: Node | null, what: string): readonly string[] {
  return yaml.list(node, what).map((one) => yaml.text(one, what) ?? yaml.fail(one, `${what}: a text is missing`));
}

function names(
  yaml: YamlReader,
  node: Node | null,
  what: string,
  known: readonly string[] | undefined,
): readonly string[] {
  const found = texts(yaml, node, what);
  for (const [i, name] of found.entries()) {
    if (known === undefined || known.includes(name)) continue;
    const hint =
      known.length === 0 ? `desprawl.yaml has no ${what}.` : `${what} of desprawl.yaml: ${known.join(', ')}.`;
    yaml.fail(yaml.list(node, what)[i], `there is no "${name}" among the ${what}${yaml.guess(name, known)}`, hint);
  }
  return found;
}

/** `scripts/import.py:9   legacy importer`, as `writeLeft` writes it. */
function lefts(yaml: YamlReader, node: Node | null, what: string): readonly Left[] {
  return texts(yaml, node, what).map((text) => {
    const [, path = text, line, why = ''] = /^(.*?)(?::(\d+))?\s{2,}(.*)$/.exec(text) ?? [];
    return { path, ...(line === undefined ? {} : { line: Number(line) }), why };
  });
}

function needs(yaml: YamlReader, node: Node | null): readonly Need[] {
  if (node === null) return [];
  return [...yaml.map(node, 'needs', freeKeys(node))].map(([decision, { value }]) => ({
    decision,
    choices:
      (value as { items?: unknown } | null)?.items === undefined
        ? [yaml.text(value, decision) ?? yaml.fail(node, `needs: which choice of ${decision}?`)]
        : texts(yaml, value, decision),
  }));
}

function readPolicy(yaml: YamlReader, node: Node | null): Policy {
  if (node === null) return {};
  const entries = yaml.map(node, 'policy', POLICY_KEYS);
  const value = (key: string): Node | null => entries.get(key)?.value ?? null;
  const [approval, target, docs] = [
    yaml.flag(value('require-approval'), 'require-approval'),
    yaml.text(value('target'), 'target'),
    yaml.flag(value('docs'), 'docs'),
  ];
  return {
    ...(approval === null ? {} : { requireApproval: approval }),
    ...(target === null ? {} : { target }),
    ...(entries.has('keep') ? { keep: texts(yaml, value('keep'), 'keep') } : {}),
    ...(docs === null ? {} : { docs }),
  };
}

function readApproval(yaml: YamlReader, node: Node): Approval {
  const entries = yaml.map(node, 'an approval', APPROVAL_KEYS);
  const value = (key: string): string =>
    yaml.text(entries.get(key)?.value ?? null, key) ?? yaml.fail(node, `an approval needs \`${key}:\``);
  return { by: value('by'), at: value('at'), hash: value('hash'), code: value('code') };
}
