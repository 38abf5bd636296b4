/** INI, cfg, conf and properties files: programs of supervisor, uwsgi and tox, entry points, and dotted settings. */
import { addSettings, addText, at, bare, type ConfigEntry, type ConfigNode, entriesOf } from '../config-tree.ts';
import { type Draft, emptyFacts } from '../empty-facts.ts';
import { addEntryPoint } from '../entry-points.ts';
import type { FileFacts, Language, PlaceFact } from '../facts.ts';
import { addScript } from '../shell/add-script.ts';
import { assignments } from '../systemd/language.ts';
import { linesOf } from '../text-lines.ts';
import { partOf, type WrittenText } from '../written-text.ts';
import { readIni } from './read.ts';

const MAX_UNITS = 4_000_000;
const DOTTED = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/;

function read(text: string, name: string): FileFacts {
  const lines = linesOf(text);
  const facts = emptyFacts('ini', 'structure', lines.count);
  if (text.length > MAX_UNITS) {
    return { ...facts, read: 'none', problem: `too large for a settings file: ${text.length} characters` };
  }
  const { root, other, known } = readIni(text, lines, /\.properties$/.test(name));
  for (const { key, value } of root.entries) if (value.k === 'map') addSection(facts, key, value);
  addSettings(facts, root);
  for (const { text: line, from } of other) {
    for (const match of line.matchAll(/[^\s"'`=,;()<>[\]]{4,400}/g)) {
      const start = from + match.index;
      addText(facts, match[0], [start, start + match[0].length, lines.lineAt(start)]);
    }
  }
  if (known >= other.length) return facts;
  // nginx and others have languages of their own; what may name a store in them is taken all the same.
  return { ...facts, read: 'outline' };
}

/** Each line of a value that has several. */
function linesIn(written: WrittenText): WrittenText[] {
  const parts: WrittenText[] = [];
  for (const match of written.text.matchAll(/[^\n]+/g)) {
    const trimmed = match[0].trim();
    const from = match.index + match[0].indexOf(trimmed);
    if (trimmed !== '' && !/^[#;]/.test(trimmed)) parts.push(partOf(written, from, from + trimmed.length));
  }
  return parts;
}

const writtenAt = (node: ConfigNode, key: string): WrittenText | undefined => {
  const found = at(node, key);
  return found?.k === 'text' ? found.written() : undefined;
};

function addSection(facts: Draft, section: string, node: ConfigNode): void {
  const program = /^(?:program|fcgi-program|eventlistener|watcher):(.+)$/.exec(section)?.[1];
  if (program !== undefined) addProgram(facts, `service ${program.trim()}`, node);
  else if (section === 'uwsgi') addUwsgi(facts, node);
  else if (section === 'options.entry_points' || section === 'entry_points') {
    for (const { key, value } of entriesOf(node)) if (value.k === 'text') entryPoints(facts, key, value.written());
  } else if (/^testenv|^tox$/.test(section)) {
    for (const key of ['commands', 'commands_pre', 'commands_post']) {
      const commands = writtenAt(node, key);
      const cwd = writtenAt(node, 'changedir')?.text ?? writtenAt(node, 'change_dir')?.text;
      if (commands === undefined) continue;
      for (const line of linesIn(commands)) {
        const skip = /^[-!]\s*/.exec(line.text)?.[0].length ?? 0;
        const place = cwd === undefined ? {} : { cwd };
        addScript(facts, partOf(line, skip, line.text.length), { by: `script ${section}`, ...place });
      }
    }
    setEnv(facts, writtenAt(node, 'setenv') ?? writtenAt(node, 'set_env'), `script ${section}`);
  } else if (section === 'pytest' || section === 'tool:pytest') setEnv(facts, writtenAt(node, 'env'), 'script pytest');
  for (const { key, value } of entriesOf(node)) addModules(facts, key, value);
}

/** `class=pkg.Handler` of logging, `DJANGO_SETTINGS_MODULE = pkg.settings` of pytest: strings that name modules (trap C3). */
function addModules(facts: Draft, key: string, value: ConfigEntry['value']): void {
  if (value.k !== 'text' || !DOTTED.test(value.v)) return;
  if (
    !/^(?:class|DJANGO_SETTINGS_MODULE|DJANGO_CONFIGURATION|script_location|plugins|settings|default_settings|wsgi)$/i.test(
      key,
    )
  )
    return;
  facts.imports.push({ module: value.v, names: [], kind: 'text', scope: 0, at: bare(value) });
  if (key === 'DJANGO_SETTINGS_MODULE') facts.variables.push({ name: key, value: value.v, at: value.at, by: '' });
}

function addProgram(facts: Draft, by: string, node: ConfigNode): void {
  const command = writtenAt(node, 'command') ?? writtenAt(node, 'cmd');
  const directory = writtenAt(node, 'directory')?.text ?? writtenAt(node, 'working_dir')?.text;
  const environment = at(node, 'environment');
  const env: Record<string, string> = {};
  if (environment?.k === 'text') {
    const written = environment.written();
    // Commas between assignments stand for blanks; those in quotes are inside of words.
    const spaced = { ...written, text: blankCommas(written.text) };
    for (const { name, value, at: span, valueAt } of assignments(spaced)) {
      env[name] = value;
      facts.variables.push({ name, value, at: span, by });
      addText(facts, value, valueAt);
    }
  }
  const place: PlaceFact = { label: by, at: node.at, ...(directory === undefined ? {} : { workdir: directory }) };
  facts.places.push(place);
  if (command !== undefined)
    addScript(facts, command, { by, env, ...(directory === undefined ? {} : { cwd: directory }) });
}

function blankCommas(text: string): string {
  let quote = '';
  let out = '';
  for (const unit of text) {
    if (quote === '' && (unit === '"' || unit === "'")) quote = unit;
    else if (unit === quote) quote = '';
    out += unit === ',' && quote === '' ? ' ' : unit;
  }
  return out;
}

/** `module = pkg.wsgi:app`, `wsgi-file = app.py`, `chdir = /srv/x`, `env = A=1`. */
function addUwsgi(facts: Draft, node: ConfigNode): void {
  const by = 'service uwsgi';
  const chdir = writtenAt(node, 'chdir')?.text;
  const words = ['uwsgi'];
  for (const key of ['module', 'wsgi', 'wsgi-file', 'file']) {
    const value = at(node, key);
    if (value?.k !== 'text') continue;
    words.push(`--${key}`, value.v);
    if (key === 'module' || key === 'wsgi') addEntryPoint(facts, 'uwsgi', value.written(), false);
  }
  for (const { key, value } of entriesOf(node)) {
    if (key === 'env' && value.k === 'text') setEnv(facts, value.written(), by);
  }
  const env = Object.fromEntries(
    facts.variables.filter((each) => each.by === by).map(({ name, value }) => [name, value ?? '']),
  );
  if (words.length > 1)
    facts.commands.push({ by, words, env, ...(chdir === undefined ? {} : { cwd: chdir }), at: node.at });
}

function entryPoints(facts: Draft, group: string, written: WrittenText): void {
  for (const line of linesIn(written)) {
    const equals = line.text.indexOf('=');
    if (equals === -1) continue;
    const name = line.text.slice(0, equals).trim();
    addEntryPoint(facts, name, partOf(line, equals + 1, line.text.length), /^(?:console|gui)_scripts$/.test(group));
  }
}

/** `A = 1` or `A=1`, one per line. */
function setEnv(facts: Draft, written: WrittenText | undefined, by: string): void {
  if (written === undefined) return;
  for (const line of linesIn(written)) {
    const match = /^(?:[DR]:)*([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line.text);
    if (match === null) continue;
    const value = match[2] as string;
    facts.variables.push({ name: match[1] as string, value, at: line.span(0, line.text.length), by });
    addText(facts, value, line.span(line.text.length - value.length, line.text.length));
  }
}

export const ini: Language = { id: 'ini', outline: read, structure: read };
