import { expect, it } from 'vitest';
import { isOfPeople, meantByRole } from './role-words.ts';

const said = (name: string): string => {
  const found = meantByRole(name);
  return found === null ? '' : [found.person ? 'person' : '', found.own ? 'own' : ''].join(' ').trim();
};

it.each([
  [
    'created_by createdBy updated_by checked_by_id owner owner_id ownerId assigned_to shared_with assignee author_id',
    'person',
  ],
  ['parent_id parent parentId reply_to in_reply_to_id previous_id duplicate_of root_id', 'own'],
  ['manager_id supervisor blocked_by replaced_by_id', 'person own'],
  // Names of other things, and words that only contain one.
  [
    'by id name standby hobby ownership authored reply created_at parent_name valid_to linked_with user_id apparent',
    '',
  ],
])('%s: %s', (names, meant) => {
  for (const name of names.split(' ')) expect([name, said(name)]).toEqual([name, meant]);
});

it('tables of people, by their last word', () => {
  const people = ['users', 'user', 'auth_users', 'StaffMember', 'people', 'accounts', 'employees'];
  const others = ['users_roles', 'user_settings', 'rooms', 'user-agents-log', 'accounting'];
  expect(people.filter((name) => !isOfPeople({ name }))).toEqual([]);
  expect(others.filter((name) => isOfPeople({ name }))).toEqual([]);
});
