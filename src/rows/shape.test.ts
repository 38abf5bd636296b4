import { describe, expect, it } from 'vitest';
import type { ValueShape } from '../stores/model.ts';
import { columnShape, formOf, hintsOf, shapeOf } from './shape.ts';
import { BrokenText, type Value } from './value.ts';

const HEX = '3f2504e04f8941d39a0c0305e82c3301';
const DASHED = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const BCRYPT = `$2b$12$${'abcdefghijklmnopqrstuv'.repeat(3).slice(0, 53)}`;
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLXZhbHVl';
const SHA256 = 'a3b598d1bb8877c497062d35e2cef2ae6115af2a04b1ffed60d5a50445aead54';

describe('the shape of a value', () => {
  it.each<[Value, string, ValueShape | null]>([
    [null, 'x', null],
    ['', 'x', null],
    ['hello', 'x', 'text'],
    [1n, 'x', 'integer'],
    [1n, 'is_active', 'boolean'],
    [2n, 'is_active', 'integer'],
    [1n, 'active_count', 'integer'],
    [1, 'x', 'real'],
    [true, 'x', 'boolean'],
    ['yes', 'x', 'boolean-text'],
    ['yesterday', 'x', 'text'],
    ['42', 'x', 'integer-text'],
    ['-1.5', 'x', 'real-text'],
    ['1e+21', 'x', 'real-text'],
    ['007', 'x', 'text'],
    [1_758_016_800n, 'x', 'integer'],
    [1_758_016_800n, 'created_at', 'epoch-s'],
    [1_758_016_800_123n, 'created_at', 'epoch-ms'],
    ['1758016800', 'created_at', 'epoch-s'],
    [42n, 'created_at', 'integer'],
    ['2025-09-16T10:00:00Z', 'x', 'timestamp-t'],
    ['2025-09-16 10:00:00', 'x', 'timestamp-space'],
    ['2025-09-16', 'x', 'date'],
    ['2025-13-16', 'x', 'text'],
    [DASHED, 'x', 'uuid-dashed'],
    [HEX, 'x', 'uuid-hex'],
    ['1'.repeat(32), 'x', 'integer-text'],
    [`0${'1'.repeat(31)}`, 'x', 'text'],
    ['ana@x.org', 'x', 'email'],
    ['Ana <ana@x.org>', 'x', 'text'],
    ['ana@localhost', 'x', 'text'],
    ['{"a":1}', 'x', 'json'],
    [' [1, 2]\n', 'x', 'json'],
    ['{broken}', 'x', 'text'],
    ['[done] call back', 'x', 'text'],
    [new Uint8Array([1, 2]), 'x', 'blob'],
    [new BrokenText(new Uint8Array([255])), 'x', 'text'],
  ])('%o in %s: %s', (value, column, shape) => {
    expect(shapeOf(value, hintsOf(column))).toBe(shape);
  });
});

describe('S10: what looks like a credential', () => {
  it.each<[string, Value, string, ValueShape]>([
    ['bcrypt under any name', BCRYPT, 'x', 'password-hash'],
    ['bcrypt as bytes', new Uint8Array(Buffer.from(BCRYPT)), 'x', 'password-hash'],
    ['argon2', '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaGhhc2hoYXNo', 'x', 'password-hash'],
    ['Django', 'pbkdf2_sha256$600000$salt$aGFzaGhhc2hoYXNoaGFzaGhhc2g=', 'x', 'password-hash'],
    ['Werkzeug', 'scrypt:32768:8:1$salt$aabbccddeeff00112233445566778899', 'x', 'password-hash'],
    ['a bare digest in a column of passwords', SHA256, 'password', 'password-hash'],
    ['the same digest elsewhere', SHA256, 'checksum', 'text'],
    ['a digest that names its kind', `sha256:${SHA256}`, 'x', 'text'],
    ['a password in plain text', 'correct horse battery staple', 'password', 'text'],
    ['a price with a dollar', '$5 for the first twenty customers', 'x', 'text'],
    ['a token of a service, in a column of tokens', JWT, 'access_token', 'token'],
    ['the same elsewhere', JWT, 'payload', 'text'],
    ['random hex in a column of tokens', HEX, 'token', 'token'],
    ['the same in a column that counts tokens', HEX, 'token_count', 'uuid-hex'],
    ['a UUID in a column of tokens', DASHED.replace('f', 'F'), 'session_token', 'uuid-dashed'],
    ['a count of tokens', '123456789012345678901234', 'token_count', 'integer-text'],
    ['digits in a column of tokens', '0'.repeat(32), 'token', 'text'],
    ['words in a column of tokens', 'the token was given to somebody', 'token', 'text'],
    ['an API key', 'sk-aaaaBBBB1111ccccDDDD', 'api_key', 'token'],
  ])('%s', (_, value, column, shape) => {
    expect(shapeOf(value, hintsOf(column))).toBe(shape);
  });
});

describe('the shape of a column', () => {
  it.each<[string, Partial<Record<ValueShape, number>>, ValueShape]>([
    ['nothing in it', {}, 'empty'],
    ['one shape', { email: 5 }, 'email'],
    ['95 in 100', { email: 95, text: 5 }, 'email'],
    ['94 in 100', { email: 94, text: 6 }, 'text'],
    ['half of it hashes', { 'password-hash': 5, text: 5 }, 'password-hash'],
    ['less than half', { 'password-hash': 4, text: 5 }, 'text'],
    ['0 and 1 only', { boolean: 9 }, 'boolean'],
    ['0, 1 and one 2', { boolean: 999, integer: 1 }, 'integer'],
    ['integers and reals', { integer: 5, real: 5 }, 'real'],
    ['integers and reals as text', { 'integer-text': 5, 'real-text': 5 }, 'real-text'],
    ['moments written in two ways', { 'timestamp-t': 5, 'timestamp-space': 4 }, 'timestamp-t'],
    ['UUIDs written in two ways', { 'uuid-hex': 5, 'uuid-dashed': 4 }, 'uuid-hex'],
    ['numbers and text', { integer: 5, text: 5 }, 'mixed'],
    ['blobs and text', { blob: 5, text: 5 }, 'mixed'],
  ])('%s', (_, counts, shape) => {
    expect(columnShape(new Map(Object.entries(counts) as [ValueShape, number][]))).toBe(shape);
  });
});

describe('R8: the way of writing', () => {
  it.each<[Value, ValueShape, string | null]>([
    [DASHED, 'uuid-dashed', 'lower'],
    [DASHED.toUpperCase(), 'uuid-dashed', 'upper'],
    [DASHED.replace('f', 'F'), 'uuid-dashed', null],
    ['2025-09-16T10:00:00Z', 'timestamp-t', '20Z'],
    ['2025-09-16T10:00:00.123Z', 'timestamp-t', '24Z'],
    ['2025-09-16T10:00:00+02:00', 'timestamp-t', '25+02:00'],
    ['2025-09-16 10:00:00', 'timestamp-space', '19'],
    [1_758_016_800n, 'epoch-s', 'number'],
    ['1758016800', 'epoch-s', 'text'],
    ['a@b.cd', 'email', null],
  ])('%o', (value, shape, form) => {
    expect(formOf(value, shape)).toBe(form);
  });
});
