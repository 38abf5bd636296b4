import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prisma } from './language.ts';

const SCHEMA = `// the shop
generator client {
  provider = "prisma-client-js"
  output   = "../src/generated"
}

datasource db {
  provider = "sqlite"
  url      = env("DATABASE_URL") // "file:./wrong.db"
}

enum Role { ADMIN
  USER
}

model User {
  id        Int      @id @default(autoincrement())
  email     String   @unique @db.VarChar(255)
  name      String?  @map("full_name")
  role      Role     @default(USER)
  url       String   @default("https://x/y") // why
  tags      String[]
  posts     Post[]
  createdAt DateTime @default(now()) @map("created_at") @db.Timestamptz(6)

  @@map("users")
  @@index([name])
}

model Post {
  userId Int
  slug   String
  author User @relation(fields: [userId], references: [id], onDelete: Cascade)

  @@id([userId, slug])
  @@unique([slug])
}
`;

describe('schema.prisma', () => {
  const facts = prisma.structure(SCHEMA, 'schema.prisma');

  it('keeps the datasource as written, without what stands in comments', () => {
    expect(facts.settings?.map(({ key, v }) => [key, v])).toEqual([
      ['generator.client.provider', 'prisma-client-js'],
      ['generator.client.output', '../src/generated'],
      ['datasource.db.provider', 'sqlite'],
      ['datasource.db.url', 'env("DATABASE_URL")'],
    ]);
    const url = facts.settings?.[3];
    expect(SCHEMA.slice(url?.at[0], url?.at[1])).toBe('env("DATABASE_URL")');
    expect(url?.at[2]).toBe(9);
  });

  it('takes a literal url without its quotes, its span with them', () => {
    const text = 'datasource main {\n  provider = "sqlite"\n  url = "file:./dev.db"\n}\n';
    const { settings, texts } = prisma.structure(text, 'schema.prisma');
    expect(settings?.[1]).toEqual({ key: 'datasource.main.url', v: 'file:./dev.db', at: [48, 63, 3] });
    expect(text.slice(48, 63)).toBe('"file:./dev.db"');
    expect(texts.map(({ v }) => v)).toEqual(['file:./dev.db']);
  });

  it('makes a table of each model, with the names that the database knows', () => {
    expect(facts.tables.map(({ table }) => table)).toEqual(['users', 'Post']);
    expect(facts.tables[0]?.columns).toEqual([
      { name: 'id', type: 'INTEGER', notNull: true, primaryKey: true, default: 'autoincrement()' },
      { name: 'email', type: 'VARCHAR(255)', notNull: true, unique: true },
      { name: 'full_name', type: 'TEXT' },
      { name: 'role', type: 'TEXT', notNull: true, default: 'USER' },
      { name: 'url', type: 'TEXT', notNull: true, default: '"https://x/y"' },
      { name: 'tags', type: 'TEXT[]', notNull: true },
      { name: 'created_at', type: 'TIMESTAMPTZ(6)', notNull: true, default: 'now()' },
    ]);
  });

  it('skips relations, but says what the key of one refers to', () => {
    expect(facts.tables[1]?.columns).toEqual([
      { name: 'userId', type: 'INTEGER', notNull: true, primaryKey: true, references: 'User' },
      { name: 'slug', type: 'TEXT', notNull: true, primaryKey: true, unique: true },
    ]);
  });

  it('never throws, whatever is in the file', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('model ', 'A', '{', '}', '\n', '@@map("', '"', '@', '(', ')', ' ', 'Int', '?')),
        (parts) => {
          prisma.structure(parts.join(''), 'x.prisma');
        },
      ),
    );
  });
});
