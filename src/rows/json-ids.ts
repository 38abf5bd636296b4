/**
 * Arrays of ids in JSON text (trap R3): which ids there are, and the same text with other ids in their place. Whatever else stands in the
 * text (spaces, order, other elements, nested arrays) stays byte for byte; no id passes through a double.
 */
import { isWhole, type SqlValue } from './normalise-sql.ts';

/** An integer or a string, and everything else that a JSON text is made of. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[[\]{}]|[^"[\]{}\d-]+|./gs;
const INTEGER = /^-?(?:0|[1-9]\d*)$/;

/** `json_ids(text, octet_length(text))`: the ids as a JSON array of strings, each once; NULL where the text is no array. */
export function jsonIds(text: SqlValue, octets: SqlValue = null): SqlValue {
  const ids = new Set<string>();
  const seen = eachId(text, octets, (id) => {
    ids.add(id);
    return undefined;
  });
  return seen === null ? null : JSON.stringify([...ids]);
}

/** `json_put_ids(text, map, octet_length(text))`: `map` is a JSON object of strings. NULL where nothing changes. */
export function jsonPutIds(text: SqlValue, map: SqlValue, octets: SqlValue = null): SqlValue {
  if (typeof map !== 'string') return null;
  const ids = new Map(Object.entries(JSON.parse(map) as Record<string, string>));
  const written = eachId(text, octets, (id) => ids.get(id));
  return written === text ? null : written;
}

/** The text, each id of its outermost array replaced by what `replace` says. `null`: no array of ids. */
function eachId(text: SqlValue, octets: SqlValue, replace: (id: string) => string | undefined): string | null {
  if (typeof text !== 'string' || !isWhole(text, octets) || !isArray(text)) return null;
  let depth = 0;
  return text.replaceAll(TOKEN, (token) => {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    else if (depth === 1 && INTEGER.test(token)) return replace(token) ?? token;
    else if (depth === 1 && token.startsWith('"')) {
      const by = replace(JSON.parse(token) as string);
      return by === undefined ? token : JSON.stringify(by);
    }
    return token;
  });
}

function isArray(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
