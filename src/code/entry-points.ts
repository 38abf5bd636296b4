/** `name = "pkg.mod:func"`: a program that a Python package installs. */
import type { Draft } from './empty-facts.ts';
import type { Span } from './facts.ts';
import type { WrittenText } from './written-text.ts';

const TARGET = /^\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*(?::\s*([\w.]+))?\s*(?:\[[^\]]*\])?\s*$/;

/** The module becomes a reference, and running the program is running the module. */
export function addEntryPoint(facts: Draft, name: string, written: WrittenText, runs: boolean, at?: Span): void {
  const match = TARGET.exec(written.text);
  if (match === null) return;
  const module = match[1] as string;
  const from = written.text.indexOf(module);
  const span = written.span(from, from + module.length);
  const names = match[2] === undefined ? [] : [{ name: match[2], as: match[2] }];
  facts.imports.push({ module, names, kind: 'text', scope: 0, at: span });
  if (runs) facts.commands.push({ by: `script ${name}`, words: ['python', '-m', module], env: {}, at: at ?? span });
}
