import { expect, it } from 'vitest';
import { ABSENT, type FileState } from '../disk/path-state.ts';
import type { Step } from '../steps/step.ts';
import { isOfChain, pathChains } from './chains.ts';

const file = (sha256: string): FileState => ({ kind: 'file', sha256, bytes: 1, mode: 0o644 });

it('a file that is moved and edited: where it came from, and every state on the way', () => {
  const steps: readonly Step[] = [
    { n: 1, action: 'm', op: 'rename', path: 'a', to: 'aside', before: file('x') },
    { n: 2, action: 'm', op: 'rename', path: 'aside', to: 'b', before: file('x') },
    { n: 3, action: 'e', op: 'put', path: 'b', before: file('x'), after: file('y'), how: 'in-place' },
    { n: 4, action: 'p', op: 'put', path: 'a', before: ABSENT, after: file('z'), how: 'replace' },
  ];
  const chains = pathChains(steps);
  expect(chains.get('b')).toMatchObject({ origin: 'a', action: 'e', how: 'in-place', last: file('y') });
  expect(chains.get('b')?.states).toEqual([ABSENT, file('x'), file('y')]);
  expect(chains.get('aside')).toMatchObject({ origin: null, states: [ABSENT, file('x')], last: ABSENT });
  expect(chains.get('a')).toMatchObject({ origin: null, states: [file('x'), ABSENT, file('z')] });
  const chain = chains.get('b');
  expect(chain && [ABSENT, file('x'), file('q')].map((now) => isOfChain(chain, now))).toEqual([true, true, false]);
});
