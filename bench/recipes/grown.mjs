/**
 * A larger pair of stores that grew apart, made by rule: a shop of 200 people and 600 orders was copied; then both copies went on, took new people (some
 * of them the same) under the same new ids, changed old ones, and one of them erased some. Always the same.
 */
const PEOPLE = 200;
const ORDERS_EACH = 3;

export function grownApart({ users: usersTable, orders: ordersTable, truth }) {
  const random = sequence(7);
  const some = (list, n) => [...list].sort((a, b) => weigh(a) - weigh(b)).slice(0, n);
  const weighed = new Map();
  const weigh = (one) => {
    if (!weighed.has(one)) weighed.set(one, random());
    return weighed.get(one);
  };
  const users = range(PEOPLE).map((n) => ({ id: n + 1, name: `person${n}`, day: 1 }));
  const orders = users.flatMap(({ id }, n) =>
    range(ORDERS_EACH).map((i) => ({ id: n * ORDERS_EACH + i + 1, user: id, code: `O-${id}-${i}` })),
  );
  const erased = new Set(some(users, 12).map(({ id }) => id));
  const rest = users.filter(({ id }) => !erased.has(id));

  const hub = { users: rest.map((one) => ({ ...one })), orders: orders.filter(({ user }) => !erased.has(user)) };
  const app = { users: users.map((one) => ({ ...one })), orders: [...orders] };
  // Both programs change old rows, some of them the same, at different times.
  weighed.clear();
  for (const { id } of some(rest, 30)) change(hub, id, 'hub', 2 + Math.floor(random() * 12) * 2);
  weighed.clear();
  for (const { id } of some(rest, 30)) change(app, id, 'app', 3 + Math.floor(random() * 12) * 2);
  // New people get the next ids in each; twenty of them register with both.
  grow(
    hub,
    'hub',
    range(40).map((n) => (n < 20 ? `both${n}` : `hub${n}`)),
    4,
    1,
  );
  grow(
    app,
    'app',
    range(50).map((n) => (n % 2 === 0 && n < 40 ? `both${n / 2}` : `app${n}`)),
    5,
    2,
  );
  // Two of those who were erased ordered with the other program meanwhile: what becomes of that, only the owner can say.
  for (const [n, id] of [...erased].slice(0, 2).entries()) {
    app.orders.push({ id: Math.max(...app.orders.map((one) => one.id)) + 1, user: id, code: `E-${n}` });
  }

  const sqlOf = (store) =>
    [
      usersTable,
      ordersTable,
      ...store.users.map(
        ({ id, name, shown = name, day }) =>
          `INSERT INTO users VALUES (${id}, '${name}@example.org', '${shown}', '${at(day)}');`,
      ),
      ...store.orders.map(({ id, user, code }) => `INSERT INTO orders VALUES (${id}, ${user}, '${code}', ${id % 90});`),
    ].join('\n');
  return {
    name: 'grown apart',
    what: '200 people and 600 orders, copied; both copies took new people, some of them the same, changed old ones, and one erased twelve; a backup is there',
    ancestor: sqlOf({ users, orders }),
    files: [
      { name: 'hub.db', sql: sqlOf(hub) },
      { name: 'app.db', sql: sqlOf(app) },
    ],
    erased: {
      users: users.filter(({ id }) => erased.has(id)).map(({ name }) => [`${name}@example.org`]),
      orders: orders.filter(({ user }) => erased.has(user)).map(({ code }) => [code]),
    },
    truth,
  };
}

function change(store, id, by, day) {
  const row = store.users.find((one) => one.id === id);
  Object.assign(row, { shown: `${row.name} (${by})`, day });
}

/** Each of `names` comes with so many orders. */
function grow(store, by, names, day, ordersEach) {
  for (const name of names) {
    const id = Math.max(...store.users.map((one) => one.id)) + 1;
    store.users.push({ id, name, day: name.startsWith('both') ? day : 6 });
    for (const n of range(ordersEach)) {
      const order = Math.max(...store.orders.map((one) => one.id)) + 1;
      store.orders.push({ id: order, user: id, code: `${by}-${name}-${n}` });
    }
  }
}

function at(day) {
  return `2025-03-${String(day).padStart(2, '0')}T10:00:00Z`;
}

function range(n) {
  return Array.from({ length: n }, (_, i) => i);
}

/** Numbers that look random and are the same on every machine (Park and Miller's). */
function sequence(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
