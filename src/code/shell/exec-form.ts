/** `["python", "app.py"]`: words that no shell looks at, written as a shell would need them to come out the same. */
import { joined, partOf, type WrittenText } from '../written-text.ts';

export function execForm(words: readonly WrittenText[]): WrittenText {
  const parts: (WrittenText | string)[] = [];
  for (const word of words) {
    parts.push(parts.length === 0 ? "'" : " '");
    let from = 0;
    for (let quote = word.text.indexOf("'"); quote !== -1; quote = word.text.indexOf("'", from)) {
      if (quote > from) parts.push(partOf(word, from, quote));
      parts.push("'\\", partOf(word, quote, quote + 1), "'");
      from = quote + 1;
    }
    if (word.text.length > from) parts.push(partOf(word, from, word.text.length));
    parts.push("'");
  }
  return joined(parts);
}
