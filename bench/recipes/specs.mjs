/**
 * What an owner answers for each fixture, by hand: which columns make two rows one entity, what only numbers rows, where references lead, what wins.
 * Nothing of it is looked up in the truth that judges.
 */
const byKey = (...columns) => ({ kind: 'key', columns });
const refersTo = (column, to, kind = 'declared') => ({ kind, columns: [column], to, toColumns: ['id'] });
const typed = (column, to, typeColumn, ...typeValues) => ({ ...refersTo(column, to, 'typed'), typeColumn, typeValues });

const users = { identity: byKey('email'), surrogate: 'id', wins: 'newest', time: 'updated_at' };
const orders = (kind = 'declared') => ({
  identity: byKey('code'),
  surrogate: 'id',
  references: [refersTo('user_id', 'users', kind)],
});

/** Per table: `identity`, `surrogate`, `references`, `wins` (a policy for all columns), `time`, `forms` (column → how the target writes it). */
export const SPECS = {
  'ids that collide': { users, orders: orders() },
  'one person, three ids': { users, orders: orders() },
  'references that nothing declares': {
    users,
    orders: orders('inferred'),
    notes: {
      identity: byKey('text'),
      surrogate: 'id',
      references: [
        typed('entity_id', 'users', 'entity_type', 'user'),
        typed('entity_id', 'orders', 'entity_type', 'order'),
      ],
    },
    teams: { identity: byKey('name'), surrogate: 'id', references: [refersTo('member_ids', 'users', 'json')] },
  },
  'ids as text': { users, orders: orders('inferred') },
  'a tree': { folders: { identity: byKey('path'), surrogate: 'id', references: [refersTo('parent_id', 'folders')] } },
  'columns in another order': { users: { identity: byKey('email'), surrogate: 'id' } },
  'a required column is missing': { users: { identity: byKey('email'), surrogate: 'id' }, orders: orders() },
  'a list of allowed values': { tasks: { identity: byKey('title'), surrogate: 'id' } },
  'erased on purpose': { users, orders: orders() },
  'changed on both sides': { users },
  'rows without a key': { readings: { identity: { kind: 'row' }, surrogate: null } },
  'text keys in two spellings': {
    rooms: { identity: byKey('id'), surrogate: null, forms: { id: 'uuid-dashed' }, compared: { id: 'uuid' } },
    devices: { identity: byKey('serial'), surrogate: null, references: [refersTo('room_id', 'rooms')] },
  },
  'a trigger on the target': { users },
  'one e-mail in two spellings': { users: { ...users, compared: { email: 'email' } }, orders: orders() },
  'one row, two matches': { users, orders: orders() },
  'grown apart': { users, orders: orders() },
  'numbers that are names': { places: { identity: byKey('name'), surrogate: 'id' } },
};
