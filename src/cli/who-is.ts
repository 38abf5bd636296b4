/** Who works at this machine: as commits name them, else the login. It is a record, and proves nothing. */
import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';

export function whoIs(root: string): string {
  const ask = (key: string): string => {
    try {
      return execFileSync('git', ['config', '--get', key], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 10_000,
      }).trim();
    } catch {
      return '';
    }
  };
  const [name, email] = [ask('user.name'), ask('user.email')];
  if (name === '' && email === '') return userInfo().username;
  return [name, email === '' ? '' : `<${email}>`].filter((part) => part !== '').join(' ');
}
