/**
 * Walks the top of a JSON file and hands out one record at a time, so that a file of any size needs the memory of its largest
 * record. Decides nothing about tables; refuses what is not UTF-8, not JSON, or cut off.
 */
import { readChunks } from '../file-chunks.ts';
import { UnreadableStore } from '../reader.ts';
import { JsonError, JsonParser, type Members, MORE } from './parser.ts';

export type Event =
  /** The top is an array, or the file is JSONL: only elements follow. */
  | { readonly kind: 'array' }
  /** An element of the top array, or a line of JSONL. */
  | { readonly kind: 'element'; readonly members: Members }
  /** An element of the array that is the member `name` of the top object. */
  | { readonly kind: 'row'; readonly name: string; readonly members: Members }
  | { readonly kind: 'empty-array'; readonly name: string }
  | { readonly kind: 'object'; readonly name: string; readonly members: Members; readonly source: string }
  /** Any other member; `source` is its JSON text. */
  | { readonly kind: 'value'; readonly name: string; readonly source: string };

/** One record beyond this many characters ends the reading: it would have to be held whole. */
const MAX_RECORD = 32 * 1024 * 1024;
/** Members of the top object whose names are remembered to notice a second one; beyond, both are read as rows. */
const WATCHED_NAMES = 10_000;

/** The records of a JSON document, in order. Throws `UnreadableStore`. */
export function* walkDocument(path: string): Generator<Event, void, void> {
  const text = openText(path);
  const { parser } = text;
  const top = text.read(() => parser.peek());
  if (top === '[') {
    yield { kind: 'array' };
    yield* walkArray(text, (members) => ({ kind: 'element', members }));
  } else if (top === '{') yield* walkObject(text);
  else if (top !== '' && /["\d\-tfn]/.test(top))
    throw new UnreadableStore('unsupported', 'it holds a single value, not rows');
  else text.read(() => parser.refuse('{ or ['));
  if (text.read(() => parser.peek()) !== '') {
    throw text.unreadable(new JsonError('corrupt', 'more text follows the end of the document', parser.at));
  }
}

/** The records of a file with one JSON object per line; blank lines are skipped. Throws `UnreadableStore`. */
export function* walkLines(path: string): Generator<Event, void, void> {
  yield { kind: 'array' };
  yield* readJsonLines(path, (parser) => ({ kind: 'element', members: parser.members() }) as const);
}

/** What `read` makes of the object of each line. Throws `UnreadableStore`, also for what the parser throws meanwhile: it tells the line. */
export function* readJsonLines<T>(path: string, read: (parser: JsonParser) => T): Generator<T, void, void> {
  const parser = new JsonParser();
  let number = 0;
  for (const { line, last } of readLines(path)) {
    number++;
    if (line.trim() === '') continue;
    parser.text = line;
    parser.at = 0;
    let found: T;
    try {
      if (parser.peek() !== '{') {
        parser.cell();
        throw new UnreadableStore('unsupported', `line ${number}: not an object`);
      }
      found = read(parser);
      if (parser.peek() !== '') throw new JsonError('corrupt', 'text follows the object', parser.at);
    } catch (error) {
      if (error === MORE && last)
        throw new UnreadableStore('truncated', `line ${number}, the last one, ends in the middle of a record`);
      if (error === MORE) throw new UnreadableStore('corrupt', `line ${number}: ends in the middle of a record`);
      if (error instanceof JsonError) throw new UnreadableStore(error.kind, `line ${number}: ${error.message}`);
      throw error;
    }
    yield found;
  }
}

function* walkArray(text: Text, event: (members: Members) => Event): Generator<Event, void, void> {
  const { parser } = text;
  text.read(() => parser.take('['));
  if (text.read(() => parser.peek()) === ']') {
    parser.at++;
    return;
  }
  for (;;) {
    if (text.read(() => parser.peek()) !== '{') {
      const at = parser.at;
      text.read(() => parser.canonical());
      throw text.unreadable(new JsonError('unsupported', 'an element that is no object in an array of rows', at));
    }
    yield event(text.read(() => parser.members()));
    if (text.read(() => parser.peek()) !== ',') break;
    parser.at++;
    if (text.read(() => parser.peek()) === ']') text.read(() => parser.refuse('a value'));
  }
  text.read(() => parser.take(']'));
}

function* walkObject(text: Text): Generator<Event, void, void> {
  const { parser } = text;
  const names = new Set<string>();
  text.read(() => parser.take('{'));
  if (text.read(() => parser.peek()) === '}') {
    parser.at++;
    return;
  }
  for (;;) {
    const start = parser.at;
    const name = text.read(() => {
      if (parser.peek() !== '"') parser.refuse('"');
      const key = parser.string();
      parser.take(':');
      return key;
    });
    if (names.has(name)) throw text.unreadable(new JsonError('corrupt', 'the top object has one key twice', start));
    if (names.size < WATCHED_NAMES) names.add(name);
    yield* walkMember(text, name);
    if (text.read(() => parser.peek()) !== ',') break;
    parser.at++;
  }
  text.read(() => parser.take('}'));
}

function* walkMember(text: Text, name: string): Generator<Event, void, void> {
  const { parser } = text;
  const inside = text.read(() => peekInside(parser));
  if (inside === '[{') {
    yield* walkArray(text, (members) => ({ kind: 'row', name, members }));
    return;
  }
  const [members, source] = text.read(() => {
    parser.peek();
    const start = parser.at;
    if (parser.text[start] === '{') return [parser.members(), parser.text.slice(start, parser.at)] as const;
    parser.canonical();
    return [undefined, parser.text.slice(start, parser.at)] as const;
  });
  if (members !== undefined) yield { kind: 'object', name, members, source };
  else if (inside === '[]') yield { kind: 'empty-array', name };
  else yield { kind: 'value', name, source };
}

/** The next character and, inside an array, the one after it; takes neither. */
function peekInside(parser: JsonParser): string {
  const first = parser.peek();
  if (first !== '[') return first;
  const start = parser.at;
  parser.at++;
  const second = parser.peek();
  parser.at = start;
  return first + second;
}

interface Text {
  readonly parser: JsonParser;
  /** Runs a step of parsing; where the text ends in the middle of it, reads on and runs it again. */
  read<T>(step: () => T): T;
  unreadable(error: JsonError): UnreadableStore;
}

function openText(path: string): Text {
  const parser = new JsonParser();
  parser.final = false;
  const chunks = decodeChunks(path);
  let line = 1;
  const more = (): void => {
    line += countLines(parser.text, parser.at);
    let rest = parser.text.slice(parser.at);
    parser.at = 0;
    // Twice as much each time: a long record is tried again a few times, not once per chunk.
    const wanted = rest.length * 2 + 1;
    while (!parser.final && rest.length < wanted) {
      const next = chunks.next();
      if (next.done === true) parser.final = true;
      else rest += next.value;
    }
    parser.text = rest;
  };
  const lineAt = (at: number): number => line + countLines(parser.text, at);
  const unreadable = (error: JsonError): UnreadableStore =>
    new UnreadableStore(error.kind, `line ${lineAt(error.at)}: ${error.message}`);
  return {
    parser,
    unreadable,
    read(step) {
      for (;;) {
        const start = parser.at;
        try {
          return step();
        } catch (error) {
          if (error instanceof JsonError) throw unreadable(error);
          if (error !== MORE) throw error;
          parser.at = start;
          if (parser.final)
            throw new UnreadableStore(
              'truncated',
              `it ends in the middle of a record that begins on line ${lineAt(start)}`,
            );
          if (parser.text.length - start > MAX_RECORD) {
            throw new UnreadableStore(
              'memory',
              `line ${lineAt(start)}: one record has more than ${MAX_RECORD} characters`,
            );
          }
          more();
        }
      }
    },
  };
}

function* readLines(path: string): Generator<{ readonly line: string; readonly last: boolean }, void, void> {
  let rest = '';
  let searched = 0;
  for (const chunk of decodeChunks(path)) {
    rest += chunk;
    let from = 0;
    for (let lf = rest.indexOf('\n', searched); lf >= 0; lf = rest.indexOf('\n', from)) {
      yield { line: rest.slice(from, lf), last: false };
      from = lf + 1;
    }
    rest = rest.slice(from);
    searched = rest.length;
    if (rest.length > MAX_RECORD)
      throw new UnreadableStore('memory', `one line has more than ${MAX_RECORD} characters`);
  }
  yield { line: rest, last: true };
}

/** UTF-8 only, as JSON demands; a byte order mark is dropped. */
function* decodeChunks(path: string): Generator<string, void, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  const decode = (chunk?: Buffer): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new UnreadableStore(
        'not-utf8',
        `not valid UTF-8, within the ${chunk?.length ?? 0} bytes after byte ${bytes}`,
      );
    }
  };
  for (const chunk of readChunks(path)) {
    yield decode(chunk);
    bytes += chunk.length;
  }
  yield decode();
}

function countLines(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
