/**
 * Dockerfiles: one place per stage, what is copied into it, its variables and what it runs. Stages inherit the working
 * directory from the stage that they start from; images from elsewhere are not known.
 */
import { posix } from 'node:path';
import { addText } from '../config-tree.ts';
import { type Draft, emptyFacts } from '../empty-facts.ts';
import type { FileFacts, Language, PlaceFact, Span } from '../facts.ts';
import { addScript } from '../shell/add-script.ts';
import { execForm } from '../shell/exec-form.ts';
import { offsetIn, readWord, type Word } from '../shell/words.ts';
import { type Lines, linesOf } from '../text-lines.ts';
import { joined, partOf, type WrittenText } from '../written-text.ts';
import { type Instruction, instructionsOf, optionsOf, wordsOfJson } from './instructions.ts';

type Copy = NonNullable<PlaceFact['copies']>[number];

interface Stage {
  readonly label: string;
  readonly index: number;
  readonly name?: string;
  readonly at: Span;
  readonly image: string;
  readonly from?: string;
  workdir?: string;
  workdirAt?: Span;
  readonly copies: Copy[];
  /** Values of ENV and ARG, for `$X` in paths. */
  readonly env: Map<string, string>;
  entry?: readonly WrittenText[] | WrittenText;
  command?: readonly WrittenText[] | WrittenText;
}

const MAX_UNITS = 1_000_000;

function read(text: string): FileFacts {
  const lines = linesOf(text);
  const facts = emptyFacts('dockerfile', 'structure', lines.count);
  if (text.length > MAX_UNITS) {
    return { ...facts, read: 'none', problem: `too large for a Dockerfile: ${text.length} characters` };
  }
  let instructions: readonly Instruction[];
  try {
    instructions = instructionsOf(text, lines);
  } catch (error) {
    return { ...facts, read: 'tokens', problem: `it does not parse: ${(error as Error).message}` };
  }
  const stages: Stage[] = [];
  const global = new Map<string, string>();
  for (const instruction of instructions) readInstruction(facts, instruction, stages, global, lines);
  for (const stage of stages) {
    start(facts, stage, stages);
    facts.places.push({
      label: stage.label,
      at: stage.at,
      image: stage.image,
      ...(stage.from === undefined ? {} : { from: stage.from }),
      ...(stage.workdir === undefined ? {} : { workdir: stage.workdir }),
      ...(stage.workdirAt === undefined ? {} : { workdirAt: stage.workdirAt }),
      ...(stage.copies.length === 0 ? {} : { copies: stage.copies }),
    });
  }
  if (stages.length > 0) return facts;
  return { ...facts, read: 'tokens', problem: 'no FROM: nothing says what is built' };
}

function readInstruction(
  facts: Draft,
  { keyword, start: from, end, args }: Instruction,
  stages: Stage[],
  global: Map<string, string>,
  lines: Lines,
): void {
  const at: Span = [from, end, lines.lineAt(from)];
  if (keyword === 'FROM') {
    stages.push(newStage(args.text, at, stages, global));
    return;
  }
  const stage = stages.at(-1);
  if (keyword === 'ARG' || keyword === 'ENV') {
    setVariables(facts, keyword, args, stage, global);
    return;
  }
  if (stage === undefined) return;
  switch (keyword) {
    case 'WORKDIR': {
      const path = expand(args.text.trim().replace(/^(["'])(.*)\1$/, '$2'), stage.env);
      stage.workdir = posix.normalize(
        path.startsWith('/') || /^[$A-Za-z]:?[{\\]/.test(path) ? path : `${stage.workdir ?? ''}/${path}`,
      );
      if (stage.workdir.length > 1) stage.workdir = stage.workdir.replace(/\/$/, '');
      stage.workdirAt = at;
      return;
    }
    case 'COPY':
    case 'ADD':
      addCopy(facts, args, at, stage, stages);
      return;
    case 'RUN': {
      const { rest } = optionsOf(args);
      run(facts, partOf(args, rest, args.text.length), `build ${stage.index}`, stage.workdir);
      return;
    }
    case 'ENTRYPOINT':
      stage.entry = wordsOfJson(args) ?? args;
      // A new entry point takes back a command that an earlier stage gave.
      return;
    case 'CMD':
      stage.command = wordsOfJson(args) ?? args;
      return;
    case 'HEALTHCHECK': {
      const { rest } = optionsOf(args);
      const command = /^CMD\s+/i.exec(args.text.slice(rest));
      if (command === null) return;
      const skip = rest + command[0].length;
      run(facts, partOf(args, skip, args.text.length), `health ${stage.label.slice('stage '.length)}`, stage.workdir);
      return;
    }
    default:
  }
}

function newStage(args: string, at: Span, stages: readonly Stage[], global: ReadonlyMap<string, string>): Stage {
  const words = args
    .trim()
    .split(/\s+/)
    .filter((word) => !word.startsWith('--') && word !== '\\');
  const image = expand(words[0] ?? '', global);
  const name = /^as$/i.test(words[1] ?? '') ? words[2] : undefined;
  const base = stages.findLast((stage) => stage.name?.toLowerCase() === image.toLowerCase());
  return {
    label: `stage ${name ?? stages.length}`,
    index: stages.length,
    ...(name === undefined ? {} : { name }),
    at,
    image,
    ...(base === undefined ? {} : { from: base.label }),
    ...(base?.workdir === undefined ? {} : { workdir: base.workdir }),
    ...(base?.workdirAt === undefined ? {} : { workdirAt: base.workdirAt }),
    copies: [],
    env: new Map(base?.env ?? []),
    ...(base?.entry === undefined ? {} : { entry: base.entry }),
    ...(base?.command === undefined ? {} : { command: base.command }),
  };
}

/** `A=1 B="2 3"`, the old `ENV A 1 2`, `ARG A`. */
function setVariables(
  facts: Draft,
  keyword: string,
  args: WrittenText,
  stage: Stage | undefined,
  global: Map<string, string>,
): void {
  const by = stage?.label ?? '';
  const known = stage?.env ?? global;
  const set = (name: string, value: string | null, at: Span, valueAt: Span): void => {
    facts.variables.push({ name, value, at, by, ...(keyword === 'ARG' ? { build: true as const } : {}) });
    if (value === null) {
      // `ARG X` in a stage takes the value given before the first FROM.
      const before = global.get(name);
      if (before !== undefined) known.set(name, before);
      return;
    }
    known.set(name, expand(value, known));
    addText(facts, value, valueAt);
  };
  const old = keyword === 'ENV' ? /^([A-Za-z_]\w*)[ \t]+(?!=)([\s\S]*\S)/.exec(args.text) : null;
  if (old !== null && !/^[A-Za-z_]\w*=/.test(args.text)) {
    const value = old[2] as string;
    const from = old[0].length - value.length;
    set(old[1] as string, value, args.span(0, old[0].length), args.span(from, old[0].length));
    return;
  }
  for (const word of wordsIn(args)) {
    const equals = word.value.indexOf('=');
    const at = args.span(word.start, word.end);
    if (equals === -1) {
      if (/^[A-Za-z_]\w*$/.test(word.value)) set(word.value, null, at, at);
      continue;
    }
    const valueFrom = word.value.length > equals + 1 ? offsetIn(word, equals + 1) : word.end;
    const quote = args.text[valueFrom - 1];
    const open = quote === '"' || quote === "'" ? 1 : 0;
    set(word.value.slice(0, equals), word.value.slice(equals + 1), at, args.span(valueFrom - open, word.end));
  }
}

function wordsIn(args: WrittenText): Word[] {
  const words: Word[] = [];
  let index = 0;
  while (index < args.text.length) {
    const blank = /^(?:\s|\\\r?\n)+/.exec(args.text.slice(index, index + 2000))?.[0].length ?? 0;
    index += blank;
    const word = readWord(args.text, index, args.text.length, { failures: 0 });
    if (word !== undefined) words.push(word);
    index = Math.max(word?.end ?? 0, index + 1);
  }
  return words;
}

function expand(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(/\$(?:\{(\w+)(?::?[-+][^}]*)?\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const found = known.get((braced ?? bare) as string);
    return found ?? (/:?-([^}]*)\}$/.exec(whole)?.[1] || whole);
  });
}

function addCopy(facts: Draft, args: WrittenText, at: Span, stage: Stage, stages: readonly Stage[]): void {
  const { options, rest } = optionsOf(args);
  const body = partOf(args, rest, args.text.length);
  const listed = wordsOfJson(body);
  const words =
    listed ??
    wordsIn(body).map((word) => ({
      text: word.value,
      span: (a: number, b: number) =>
        body.span(offsetIn(word, a), b > a ? offsetIn(word, b - 1) + 1 : offsetIn(word, a)),
    }));
  const paths = words.filter(({ text }) => !text.startsWith('<<'));
  const to = paths.at(-1);
  // What a here-document writes comes from no file.
  if (to === undefined || paths.length < 2 || (listed === undefined && /<<-?["']?\w/.test(body.text))) return;
  const given = options.get('from');
  const found = stages.find(
    ({ name, index }) => name?.toLowerCase() === given?.toLowerCase() || String(index) === given,
  );
  const sources = paths.slice(0, -1).map(({ text }) => expand(text, stage.env));
  stage.copies.push({
    from: sources,
    to: expand(to.text, stage.env),
    ...(given === undefined ? {} : { stage: found?.label ?? given }),
    at,
  });
  if (given !== undefined) return;
  for (const path of paths.slice(0, -1)) {
    if (/^[a-z]+:\/\//.test(path.text)) continue;
    facts.references.push({ target: path.text, kind: 'copy', at: path.span(0, path.text.length) });
    addText(facts, path.text, path.span(0, path.text.length));
  }
}

/** Shell form or `["a", "b"]`. */
function run(facts: Draft, args: WrittenText, by: string, cwd: string | undefined): void {
  const words = wordsOfJson(args);
  addScript(facts, words === undefined ? withoutHeredoc(args) : execForm(words), {
    by,
    ...(cwd === undefined ? {} : { cwd }),
  });
}

/** `RUN <<EOF`: the here-document is the script. */
function withoutHeredoc(args: WrittenText): WrittenText {
  const match = /^\s*<<-?\s*(["']?)(\w+)\1[^\S\n]*\r?\n/.exec(args.text);
  if (match === null) return args;
  const close = new RegExp(`^\\t*${match[2]}\\s*$`, 'm').exec(args.text.slice(match[0].length));
  return partOf(args, match[0].length, match[0].length + (close?.index ?? args.text.length - match[0].length));
}

/** What the container starts: the entry point with the command behind it. */
function start(facts: Draft, stage: Stage, stages: readonly Stage[]): void {
  // A stage that others only build on starts nothing of its own, unless it is the last.
  const { entry, command } = stage;
  const inherited = stages.find(({ label }) => label === stage.from);
  if (inherited !== undefined && inherited.entry === entry && inherited.command === command && stage !== stages.at(-1))
    return;
  const options = { by: stage.label, ...(stage.workdir === undefined ? {} : { cwd: stage.workdir }) };
  const list = (given: typeof entry): given is readonly WrittenText[] => Array.isArray(given);
  if (entry === undefined) {
    if (command !== undefined) addScript(facts, list(command) ? execForm(command) : (command as WrittenText), options);
    return;
  }
  if (!list(entry)) {
    addScript(facts, entry as WrittenText, options);
    return;
  }
  const shellForm = command !== undefined && !list(command);
  if (shellForm || command === undefined) addScript(facts, execForm(entry), options);
  else addScript(facts, execForm([...entry, ...(command as readonly WrittenText[])]), options);
  // A script that ends in `exec "$@"` runs the command: both are what starts here.
  if (command !== undefined && /\.sh$|entrypoint/.test(entry[0]?.text ?? '')) {
    addScript(
      facts,
      shellForm ? joined([command as WrittenText]) : execForm(command as readonly WrittenText[]),
      options,
    );
  }
}

export const dockerfile: Language = { id: 'dockerfile', outline: read, structure: read };
