import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byRoom, since } from './format.js';

test('devices are grouped by room, those without a room last', () => {
  const groups = byRoom([{ name: 'lost', room: null }, { name: 'lamp', room: 'Study' }, { name: 'oven', room: 'Kitchen' }]);
  assert.deepEqual([...groups.keys()], ['Kitchen', 'Study', 'Somewhere']);
});

test('the time since a moment is told in a unit that fits', () => {
  const now = new Date('2025-11-02T12:00:00Z');
  assert.equal(since('2025-11-02T11:18:00Z', now), '42 min ago');
  assert.equal(since('2025-11-02T02:00:00Z', now), '10 h ago');
  assert.equal(since('2025-10-23T12:00:00Z', now), '10 days ago');
  assert.equal(since(null, now), 'never');
});
