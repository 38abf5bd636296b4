/**
 * What stands behind `CREATE TABLE name` where code declares a table: as written, where it is written in SQL, and as the declared columns say,
 * where SQLite does not take that, or where a class or a model declares them.
 */
import type { Declaration } from '../../audit/code-model.ts';
import type { DdlColumn } from '../../code/facts.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';

export function bodiesOf({ body, columns }: Pick<Declaration, 'body' | 'columns'>): readonly string[] {
  const named = columns.filter(({ name }) => name !== '' && !name.includes('?'));
  return [...(body === undefined ? [] : [body]), ...(named.length === 0 ? [] : [bodyOf(named)])];
}

function bodyOf(columns: readonly DdlColumn[]): string {
  const keys = columns.filter(({ primaryKey }) => primaryKey);
  const lines = columns.map((column) => {
    const { name, type, notNull, unique, default: fallback } = column;
    return [
      quoteName(name),
      typeOf(type),
      keys.length === 1 && keys[0] === column ? 'PRIMARY KEY' : '',
      notNull ? 'NOT NULL' : '',
      unique ? 'UNIQUE' : '',
      // Whatever it is: something fills the column in.
      fallback === undefined ? '' : "DEFAULT ''",
    ]
      .filter((word) => word !== '')
      .join(' ');
  });
  if (keys.length > 1) lines.push(`PRIMARY KEY (${keys.map(({ name }) => quoteName(name)).join(', ')})`);
  return `(${lines.join(', ')})`;
}

/** A number that counts by itself is what SQLite calls an integer; the key of a table is only then the number of its rows. */
function typeOf(type: string): string {
  if (type === '' || type.includes('?')) return '';
  return /^(?:INT|INTEGER|(?:BIG|SMALL)?SERIAL|BIGINT)$/.test(type) ? 'INTEGER' : quoteName(type);
}
