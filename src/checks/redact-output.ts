/** The end of a check's output as it may stand in a report: plain lines, without secrets and without the paths of the copy. */
import { stripVTControlCharacters } from 'node:util';
import { redactSecrets, shorten } from '../bindings/redact.ts';

const LINES = 40;
const LINE_LENGTH = 200;
/** Names of variables whose value nobody shall read. */
const SECRET_NAME = /PASS(?:WORD|WD|PHRASE)?|_PWD$|SECRET|TOKEN|API_?KEY|PRIVATE|CREDENTIAL|_KEY$|DSN$|DATABASE_URL$/i;
/** A shorter value is a word that may stand anywhere. */
const SECRET_LENGTH = 6;

/** What has the form of a secret wherever it stands. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '***'],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g, '***'],
  [/\b(?:ghp|gho|ghs|ghu|github_pat|glpat|xox[abprs]|sk|pk|rk|AKIA|ASIA|npm)[-_]?[A-Za-z0-9_-]{16,}/g, '***'],
  [/\$(?:2[abxy]|argon2(?:id|i|d)|pbkdf2[\w-]*|scrypt|5|6|y)\$[^\s'"]{8,}/g, '***'],
  [/\b(?:pbkdf2|scrypt|argon2|bcrypt|sha(?:256|512))(?:[:_$]\w+)*[:$][^\s'"]{16,}/gi, '***'],
  [/((?:authorization|proxy-authorization|x-api-key|cookie|set-cookie)["']?\s*[:=]\s*["']?)[^\r\n"']+/gi, '$1***'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/g, '$1 ***'],
];

/** `paths`: a folder → how it is named instead. Longer ones first. */
export function redactOutput(
  output: string,
  env: Readonly<Record<string, string>>,
  paths: readonly (readonly [string, string])[],
): readonly string[] {
  let text = stripVTControlCharacters(output).replace(/\r(?!\n)/g, '\n');
  for (const [name, value] of Object.entries(env)) {
    if (SECRET_NAME.test(name) && value.length >= SECRET_LENGTH) text = text.replaceAll(value, '***');
  }
  for (const [form, by] of FORMS) text = text.replace(form, by);
  for (const [folder, name] of paths) text = text.replaceAll(folder, name);
  return redactSecrets(text)
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-LINES)
    .map((line) => (line.length <= LINE_LENGTH ? line : `${shorten(line, LINE_LENGTH)}`));
}
