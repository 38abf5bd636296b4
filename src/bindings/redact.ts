/** A line of code as it may be shown: user names and passwords in it are not. */

const URL_LOGIN = /([a-z][\w+.-]*:\/\/)[^\s/'"@{}$]+(?::[^\s'"@]*)?@/gi;
const SECRET_VALUE =
  /((?:password|passwd|pwd|secret|token|api_?key|auth_?key|private_?key)["']?\s*[:=]\s*(?:[\w.]+\(\s*)?[rbuf]?)(["'`])(?!\2)(?:(?!\2).)+\2/gi;
/** `getenv("DB_PASSWORD", "secret")`: the default. */
const SECRET_DEFAULT =
  /((?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)\w*["'\])]*\s*(?:,|\|\||\?\?|or)\s*)(["'`])(?!\2)(?:(?!\2).)+\2/g;
const PLAIN_VALUE =
  /^(\s*(?:export\s+)?[\w.-]*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)[\w.-]*\s*[=:]\s*)(?!["'`$]|\w+[.(])\S.*$/gim;

export function redactSecrets(line: string): string {
  return line
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
