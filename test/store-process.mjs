/**
 * A program that has a store open, as the project's own would: runs the SQL it is sent and answers. A process of its own,
 * since locks belong to processes.
 */
import { createInterface } from 'node:readline';
import { DatabaseSync } from '@photostructure/sqlite';

const database = new DatabaseSync(process.argv[2]);
database.exec('PRAGMA foreign_keys = OFF; PRAGMA busy_timeout = 0');

for await (const line of createInterface({ input: process.stdin })) {
  try {
    const rows = database.prepare(JSON.parse(line)).all();
    process.stdout.write(`${JSON.stringify({ rows })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: error.message })}\n`);
  }
}
database.close();
