/** Invented people, always the same ones. Nobody is called "test", so that nothing takes them for demo rows. */
const FIRST = [
  'Anna',
  'Bela',
  'Clara',
  'Davud',
  'Edda',
  'Fritz',
  'Greta',
  'Hanno',
  'Ines',
  'Jonas',
  'Karla',
  'Levin',
  'Mira',
  'Nils',
  'Olga',
  'Piet',
  'Quirin',
  'Rosa',
  'Sören',
  'Thea',
];
const LAST = [
  'Ahrens',
  'Brandt',
  'Claasen',
  'Decker',
  'Eilers',
  'Fink',
  'Gerdes',
  'Hahn',
  'Imhof',
  'Jensen',
  'Kruse',
  'Lorenz',
  'Meinert',
  'Nissen',
  'Otto',
  'Peters',
  'Quast',
  'Rehder',
  'Sievers',
  'Thiel',
];

export interface Person {
  readonly name: string;
  readonly email: string;
  /** When the account was made; person n + 1 came a day after person n. */
  readonly joined: string;
  /** Looks like a bcrypt hash; another `salt` gives another hash. */
  password(salt?: number): string;
}

/** Person 0 … 399. */
export function person(n: number): Person {
  const first = FIRST[n % FIRST.length] ?? '';
  const last = LAST[(n * 7 + Math.floor(n / FIRST.length)) % LAST.length] ?? '';
  const email = `${first}.${last}@kiosk-nord.de`.toLowerCase().replace('ö', 'oe');
  return {
    name: `${first} ${last}`,
    email,
    joined: day(n),
    password: (salt = 1) => `$2b$12$${scramble(n * 31 + salt, 53)}`,
  };
}

/** Days after 2025-01-01, as `YYYY-MM-DD hh:mm:ss`. */
export function day(n: number): string {
  return new Date(Date.UTC(2025, 0, 1 + n, 9, 15, 0)).toISOString().slice(0, 19).replace('T', ' ');
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./';

/** Text without meaning, the same for the same seed (a linear congruential generator, Numerical Recipes' constants). */
export function scramble(seed: number, length: number): string {
  let state = (seed * 2_654_435_761) >>> 0;
  let text = '';
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += ALPHABET[(state >>> 24) % ALPHABET.length];
  }
  return text;
}

/** 0 … n - 1. */
export function range(n: number, from: number = 0): readonly number[] {
  return Array.from({ length: n }, (_, i) => from + i);
}
