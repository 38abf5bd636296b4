/** A line of code as it may be shown: user names and passwords in it are not. */

const URL_LOGIN = /([a-z][\w+.-]*:\/\/)[^\s/'"@{}$]+(?::[^\s'"@]*)?@/gi;
const SECRET_VALUE =
  /((?:password|passwd|pwd|secret|token|api_?key|auth_?key|private_?key)["']?\s*[:=]\s*(?:[\w.]+\(\s*)?[rbuf]?)(["'`])(?!\2)(?:(?!\2).)+\2/gi;
/** `getenv("DB_PASSWORD", "secret")`: the default. */
const SECRET_DEFAULT =
  /((?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)\w*["'\])]*\s*(?:,|\|\||\?\?|or)\s*)(["'`])(?!\2)(?:(?!\2).)+\2/g;
const PLAIN_VALUE =
  /^(\s*(?:export\s+)?[\w.-]*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)[\w.-]*\s*[=:]\s*)(?!["'`$]|\w+[.(])\S.*$/gim;

/** What stood open where the text was cut: its end is not seen, so all of it may be the secret. */
const CUT_LOGIN = /([a-z][\w+.-]*:\/\/)[^\s/'"@]*$/i;
const CUT_VALUE = /((?:PASSWORD|PASSWD|PWD|SECRET|TOKEN|_?KEY)[^"'`]{0,40}["'`])[^"'`]*$/i;

/** More than is ever shown. The patterns take time by the square of what they are given. */
const MOST = 1_000;

/** The front of the text, enough to be shortened for people. */
export function redactSecrets(text: string): string {
  const front =
    text.length <= MOST ? text : text.slice(0, MOST).replace(CUT_LOGIN, '$1***').replace(CUT_VALUE, '$1***');
  return front
    .replace(URL_LOGIN, '$1***@')
    .replace(SECRET_VALUE, '$1$2***$2')
    .replace(SECRET_DEFAULT, '$1$2***$2')
    .replace(PLAIN_VALUE, '$1***');
}

/** One line of at most `length` characters. */
export function shorten(text: string, length = 100): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
