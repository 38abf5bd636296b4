/** Run in a process of its own by `desprawl doctor`: loads the driver and prints its versions as JSON, or fails. */
import { openConnection } from '../sqlite/driver.ts';

const connection = openConnection(':memory:', 'memory');
const version = String(connection.row('SELECT sqlite_version()')?.[0]);
const modules = connection.rows('SELECT name FROM pragma_module_list').map(([name]) => String(name));
connection.close();
process.stdout.write(JSON.stringify({ version, fts5: modules.includes('fts5') }));
