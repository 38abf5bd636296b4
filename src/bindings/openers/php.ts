/** Calls of PHP that open a store. */

import { asSymbol } from '../value.ts';
import { copied, literal, type Opener, server, sqliteFile, textFile } from './opener.ts';

export const PHP_OPENERS: readonly Opener[] = [
  {
    names: ['PDO', '\\PDO'],
    open: (reading) => {
      const dsn = reading.arg(0);
      return { engine: 'url', form: 'url', target: dsn === undefined ? undefined : asSymbol(dsn), creates: true };
    },
  },
  { names: ['SQLite3', '\\SQLite3', 'sqlite_open'], open: sqliteFile('filename') },
  {
    names: ['mysqli', '\\mysqli', 'mysqli_connect', 'mysql_connect'],
    open: (reading) => {
      const host = reading.arg(0);
      const database = reading.arg(3);
      return {
        engine: 'mysql',
        form: 'url',
        creates: false,
        target: {
          s: 'apply',
          op: 'concat',
          of: [
            { s: 'text', v: 'mysql://' },
            host === undefined ? { s: 'text', v: 'localhost' } : asSymbol(host),
            ...(database === undefined ? [] : [{ s: 'text' as const, v: '/' }, asSymbol(database)]),
          ],
        },
      };
    },
  },
  { names: ['pg_connect', 'pg_pconnect'], open: server('postgresql') },
  {
    names: ['file_get_contents', 'file', 'readfile', 'parse_ini_file'],
    rule: 'file_get_contents',
    open: textFile(0, undefined, 'read'),
  },
  { names: ['copy'], rule: 'copy', open: textFile(0, 'from', 'read'), also: copied('node-join', 'to') },
  { names: ['file_put_contents'], open: textFile(0, undefined, 'write') },
  {
    names: ['fopen'],
    open: (reading) => {
      const path = reading.arg(0);
      if (path === undefined) return undefined;
      const mode = literal(reading.arg(1)) ?? 'r';
      const access = mode.includes('+') ? 'read-write' : /[waxc]/.test(mode) ? 'write' : 'read';
      return { engine: 'file', form: 'path', target: asSymbol(path), access, creates: access !== 'read', whole: true };
    },
  },
];
