/**
 * A source file as text and back. Offsets of facts count in this text. A file is only edited where decoding and encoding it gives its own bytes;
 * a mark at its beginning, the ends of its lines and whatever no edit covers stay byte for byte.
 */
export type Encoding = 'utf8' | 'latin1' | 'utf16le' | 'utf16be';

export interface SourceText {
  readonly text: string;
  readonly encoding: Encoding;
  /** Whether a new text can stand in the file. What an old file's letters beyond ASCII mean is not known. */
  takes(added: string): boolean;
  /** Of the text after edits that `takes` allowed. */
  write(text: string): Buffer;
}

const MARK_LE: Buffer = Buffer.from([0xff, 0xfe]);
const MARK_BE: Buffer = Buffer.from([0xfe, 0xff]);
const BINARY_HEAD = 8192;

/** `null`: no text, or one that would not be written as it was. Decodes as `code/read-one.ts` does: a mark stays in the text. */
export function readSource(bytes: Buffer): SourceText | null {
  const wide = bytes.length % 2 === 0;
  if (wide && bytes.subarray(0, 2).equals(MARK_LE)) return exactly(bytes, 'utf16le');
  if (wide && bytes.subarray(0, 2).equals(MARK_BE)) return exactly(bytes, 'utf16be');
  if (bytes.subarray(0, BINARY_HEAD).includes(0)) return null;
  const text = bytes.toString('utf8');
  return exactly(bytes, text.includes('\ufffd') ? 'latin1' : 'utf8');
}

function exactly(bytes: Buffer, encoding: Encoding): SourceText | null {
  const text = decodeAs(bytes, encoding);
  if (!encodeAs(text, encoding).equals(bytes)) return null;
  return {
    text,
    encoding,
    takes: (added) => (encoding === 'latin1' ? isAscii(added) : isWellFormed(added)),
    write: (changed) => encodeAs(changed, encoding),
  };
}

function decodeAs(bytes: Buffer, encoding: Encoding): string {
  return encoding === 'utf16be' ? Buffer.from(bytes).swap16().toString('utf16le') : bytes.toString(encoding);
}

function encodeAs(text: string, encoding: Encoding): Buffer {
  return encoding === 'utf16be' ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, encoding);
}

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);
/** Half a pair of units would be written as a question mark. */
const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);
