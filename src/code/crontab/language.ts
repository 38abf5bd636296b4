/** crontab lines: five fields or `@daily`, in `cron.d` and `/etc/crontab` a user, then a command; and variables. */
import { addText } from '../config-tree.ts';
import { emptyFacts } from '../empty-facts.ts';
import type { FileFacts, Language } from '../facts.ts';
import { addScript } from '../shell/add-script.ts';
import { linesOf } from '../text-lines.ts';
import { asWritten } from '../written-text.ts';

const FIELD = '[\\d*?/,\\-LW#A-Za-z]+';
const TIMES = new RegExp(
  `^[ \\t]*(?:@(?:reboot|yearly|annually|monthly|weekly|daily|midnight|hourly)|${FIELD}(?:[ \\t]+${FIELD}){4})[ \\t]+`,
);
const VARIABLE = /^[ \t]*([A-Za-z_]\w*)[ \t]*=[ \t]*(.*?)[ \t]*$/;
/** A user column is a bare name in front of something that can be run. */
const USER = /^[a-z_][\w-]*\$?[ \t]+(?=\S)/;
const PROGRAMS =
  /^(?:cd|python[\d.]*|node|npm|npx|php|bash|sh|zsh|perl|ruby|docker|curl|wget|find|rm|cp|mv|tar|gzip|test|sudo|env|nice|flock|make|psql|mysql|mysqldump|pg_dump|sqlite3|rsync|echo|cat|touch|date|certbot|systemctl|service|run-parts|timeout|source|export|set|if|for|while|exec|pm2|uv|poetry|yarn|pnpm|bun|deno|java|go|aws|git|logrotate|sleep)[ \t]/;

/** What is larger was written by a program. */
const MAX_UNITS = 1_000_000;

function read(text: string, name: string): FileFacts {
  const lines = linesOf(text);
  const facts = emptyFacts('crontab', 'structure', lines.count);
  if (text.length > MAX_UNITS) {
    return { ...facts, read: 'none', problem: `too large for a crontab: ${text.length} characters` };
  }
  const system = /(?:^|\/)cron\.d\//.test(name) || /(?:^|\/)etc\/crontab$/.test(name);
  const env: Record<string, string> = {};
  for (const match of text.matchAll(/^[^\r\n]+/gm)) {
    const line = match[0];
    if (/^[ \t]*#/.test(line)) continue;
    const times = TIMES.exec(line);
    const variable = times === null ? VARIABLE.exec(line) : null;
    if (variable !== null) {
      const value = (variable[2] as string).replace(/^(["'])(.*)\1$/, '$2');
      const start = match.index + (line.length - line.trimStart().length);
      env[variable[1] as string] = value;
      facts.variables.push({
        name: variable[1] as string,
        value,
        at: [start, start + line.trim().length, lines.lineAt(start)],
        by: '',
      });
      const valueAt = match.index + line.lastIndexOf(variable[2] as string);
      addText(facts, value, [valueAt, valueAt + (variable[2] as string).length, lines.lineAt(start)]);
    }
    if (times === null) continue;
    let skip = times[0].length;
    const rest = line.slice(skip);
    const user = USER.exec(rest);
    if (user !== null && (system || (/^root[ \t]/.test(rest) && !PROGRAMS.test(rest)))) skip += user[0].length;
    // An unescaped `%` ends the command: what follows is its input.
    const percent = line.slice(skip).search(/(?<!\\)%/);
    const end = percent === -1 ? line.length : skip + percent;
    addScript(facts, asWritten(text, match.index + skip, match.index + end, lines), { by: 'cron', env: { ...env } });
  }
  return facts;
}

export const crontab: Language = { id: 'crontab', outline: read, structure: read };
