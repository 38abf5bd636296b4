/** The texts of a project before and after a tool has been there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Path → text. What holds a NUL is no text; `.git` is nobody's. */
export function textsOf(dir) {
  const texts = new Map();
  const visit = (folder) => {
    for (const entry of readdirSync(join(dir, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== '.git' && entry.name !== 'node_modules') visit(path);
      } else if (entry.isFile()) {
        const bytes = readFileSync(join(dir, path));
        if (!bytes.includes(0)) texts.set(path, bytes.toString('utf8'));
      }
    }
  };
  visit('');
  return texts;
}

/** A module by the names that code has for it. */
export function namesOf(path) {
  const stem = path.replace(/\.\w+$/, '');
  return {
    path,
    stem,
    dotted: stem.split('/').join('.'),
    base: stem.slice(stem.lastIndexOf('/') + 1),
    tail: stem.split('/').slice(-2).join('/'),
  };
}
