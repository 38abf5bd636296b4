/**
 * Bytes of a delimited file as text, piece by piece, without losing one: what is not valid UTF-8 in a UTF-8 file travels as
 * Latin-1 marked `raw`, so that each cell can be decoded, or kept as broken text, by itself. Replaces nothing by U+FFFD.
 */
import { isUtf8 } from 'node:buffer';
import { BrokenText, type Value } from '../../rows/value.ts';
import { readChunks } from '../file-chunks.ts';
import type { CsvDialect } from '../model.ts';
import { UnreadableStore } from '../reader.ts';

export interface Piece {
  readonly text: string;
  /** Each character stands for one byte. */
  readonly raw: boolean;
}

export type Encoding = CsvDialect['encoding'];

/** The text of a file. A UTF-16 file with half a character in it is `corrupt`: cells cannot be told apart there. */
export function* decodeFile(path: string, encoding: Encoding): Generator<Piece, void, void> {
  if (encoding === 'utf-8') yield* decodeUtf8(path);
  else if (encoding === 'windows-1252') {
    for (const chunk of readChunks(path)) yield { text: decodeWindows1252(chunk), raw: false };
  } else {
    const decoder = new TextDecoder(encoding, { fatal: true });
    try {
      for (const chunk of readChunks(path)) yield { text: decoder.decode(chunk, { stream: true }), raw: false };
      yield { text: decoder.decode(), raw: false };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new UnreadableStore('corrupt', `it is ${encoding} up to a place where a character is cut in half`);
    }
  }
}

function* decodeUtf8(path: string): Generator<Piece, void, void> {
  let carried: Buffer = Buffer.alloc(0);
  let first = true;
  for (const chunk of readChunks(path)) {
    let bytes = carried.length === 0 ? chunk : Buffer.concat([carried, chunk]);
    if (first && bytes.length >= 3) {
      if (hasUtf8Bom(bytes)) bytes = bytes.subarray(3);
      first = false;
    }
    const end = bytes.length - unfinishedUtf8(bytes);
    carried = Buffer.from(bytes.subarray(end));
    if (end > 0) yield pieceOf(bytes.subarray(0, end));
  }
  if (carried.length > 0) yield pieceOf(carried);
}

function pieceOf(bytes: Buffer): Piece {
  return isUtf8(bytes) ? { text: bytes.toString('utf8'), raw: false } : { text: bytes.toString('latin1'), raw: true };
}

export function hasUtf8Bom(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** How many bytes at the end begin a character that the next piece may finish (0–3). */
export function unfinishedUtf8(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

/** Joins text that is waiting for its record's end with what follows; one broken side makes both raw. */
export function joinPieces(a: Piece, b: Piece): Piece {
  if (a.text === '') return b;
  if (a.raw === b.raw) return { text: a.text + b.text, raw: a.raw };
  return { text: rawText(a) + rawText(b), raw: true };
}

function rawText(piece: Piece): string {
  return piece.raw ? piece.text : Buffer.from(piece.text, 'utf8').toString('latin1');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: one character per byte, and only ASCII needs no decoding
const ASCII = /^[\x00-\x7f]*$/;

/** A cell of a raw piece. */
export function decodeRawCell(cell: string): Value {
  if (ASCII.test(cell)) return cell;
  const bytes = Buffer.from(cell, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : new BrokenText(new Uint8Array(bytes));
}

/** 0x80–0x9F of the WHATWG's windows-1252; written out since some Node versions decode it as Latin-1. */
const HIGH =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

export function decodeWindows1252(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return latin1.replace(/[\x80-\x9f]/g, (char) => HIGH[char.charCodeAt(0) - 0x80] ?? char);
}
