/** PHP's own functions on strings, paths and the environment. */
import { apply, type Operation, type Symbolic, text } from '../symbol.ts';
import { asSymbol, symbolOf } from '../value.ts';
import type { LibraryFunction, Reading } from './library.ts';
import { nodeEnvironment } from './node.ts';
import { percentFormat } from './python.ts';

const symbols = ({ call, at, evaluator }: Reading): Symbolic[] =>
  call.args.map((arg) => asSymbol(evaluator.evaluate(arg, at)));

const of =
  (op: Operation): LibraryFunction =>
  (reading) =>
    symbolOf(apply(op, ...symbols(reading)));

const strip =
  (side: string): LibraryFunction =>
  (reading) => {
    const [value = text(''), characters = text('')] = symbols(reading);
    return symbolOf(apply('strip', value, characters, text(side)));
  };

export const PHP_CALLS: Readonly<Record<string, LibraryFunction>> = {
  dirname: of('php-dirname'),
  basename: of('node-basename'),
  realpath: (reading) => symbolOf(apply('php-realpath', symbols(reading)[0] ?? text(''))),
  getcwd: () => symbolOf({ s: 'cwd' }),
  getenv: (reading) => nodeEnvironment({ ...reading, arg: (index) => (index === 0 ? reading.arg(0) : undefined) }),
  env: nodeEnvironment,
  sys_get_temp_dir: () => symbolOf({ s: 'temp' }),
  sprintf: (reading) => {
    const [pattern, ...rest] = reading.call.args.map((arg) => reading.evaluator.evaluate(arg, reading.at));
    return pattern === undefined ? undefined : percentFormat(pattern, { v: 'list', items: rest });
  },
  trim: strip('both'),
  rtrim: strip('right'),
  ltrim: strip('left'),
  strtolower: of('lower'),
};
