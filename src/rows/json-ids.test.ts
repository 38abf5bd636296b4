import { expect, it } from 'vitest';
import { jsonIds, jsonPutIds } from './json-ids.ts';

it('names the ids of an array once, exactly', () => {
  expect(jsonIds('[1, 2,"3", 9007199254740993, 1]')).toBe('["1","2","3","9007199254740993"]');
  expect(jsonIds('{"a":1}')).toBeNull();
  expect(jsonIds('[1, 2')).toBeNull();
  expect(jsonIds(7n)).toBeNull();
});

it('puts others in their place and leaves the text as it is', () => {
  const map = JSON.stringify({ '1': '101', '9007199254740993': '9007199254740995' });
  expect(jsonPutIds('[ 1,\t[1], {"1": 1}, "1", 1.0, -1, null,9007199254740993]', map)).toBe(
    '[ 101,\t[1], {"1": 1}, "101", 1.0, -1, null,9007199254740995]',
  );
  expect(jsonPutIds('[ 2 , "x\\"y" ]', map)).toBeNull();
  // Cut by the driver at a NUL.
  expect(jsonPutIds('[1]', map, 9n)).toBeNull();
});
