/**
 * References that no constraint declares, as a plan says them: `user_id -> users.id`, `entity_id -> devices.id where entity_type is device`,
 * `device_ids[] -> devices.id` (an array of ids in JSON), and behind each, where the values are ids of another store's rows,
 * `(memory.db: ids of auth.db)`.
 */
import type { ReferenceSpec } from './model.ts';

export interface SaidReference {
  readonly spec: ReferenceSpec;
  /** Source → the store whose ids its column holds. */
  readonly idsOf: Readonly<Record<string, string>>;
}

/** Answer to what ids of a column mean: nothing that moves. */
export const NOBODY = 'as-they-are';

const WORDS =
  /^(?<column>.+?)(?<json>\[\])? -> (?<to>.+?)\.(?<key>.+?)(?: where (?<type>.+?) is (?<values>.+?))?(?<ids> \(.+: ids of .+\))?$/;

/** `null`: it is none of the forms above. */
export function readReference(text: string): SaidReference | null {
  const found = WORDS.exec(text.trim())?.groups;
  if (found === undefined) return null;
  const { column = '', json, to = '', key = '', type, values = '', ids = '' } = found;
  const idsOf: Record<string, string> = {};
  for (const one of ids.replace(/^ \(|\)$/g, '').split('; ')) {
    const [source, store] = one.split(': ids of ');
    if (source !== undefined && store !== undefined) idsOf[source] = store;
  }
  const spec: ReferenceSpec = {
    kind: type !== undefined ? 'typed' : json !== undefined ? 'json' : 'inferred',
    columns: [column],
    to,
    toColumns: [key],
    ...(type === undefined ? {} : { typeColumn: type, typeValues: values.split(', ') }),
  };
  return { spec, idsOf };
}

export function writeReference({ spec, idsOf }: SaidReference): string {
  const { kind, columns, to, toColumns, typeColumn, typeValues = [] } = spec;
  const where = typeColumn === undefined ? '' : ` where ${typeColumn} is ${typeValues.join(', ')}`;
  const ids = Object.entries(idsOf).map(([source, store]) => `${source}: ids of ${store}`);
  return `${columns[0]}${kind === 'json' ? '[]' : ''} -> ${to}.${toColumns[0]}${where}${ids.length === 0 ? '' : ` (${ids.join('; ')})`}`;
}
