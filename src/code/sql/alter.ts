/** `ALTER TABLE`: columns added, dropped, renamed, declared anew; the table's new name. Other actions change no column. */
import type { DdlColumn } from '../facts.ts';
import { isTableConstraint, readColumn, readColumns } from './columns.ts';
import { type Scan, useOf } from './frames.ts';
import { isPunct, readName } from './names.ts';
import type { Token } from './tokens.ts';

export function takeAlter(scan: Scan, from: number): void {
  const { tokens } = scan;
  let at = from;
  if (tokens[at]?.u === 'IF') at += 2;
  if (tokens[at]?.u === 'ONLY') at += 1;
  const name = readName(tokens, at);
  if (name === undefined) return;
  const use = useOf('alter table', 'ddl', name);
  const added: DdlColumn[] = [];
  const modifies: DdlColumn[] = [];
  const drops: string[] = [];
  const renames: (readonly [string, string])[] = [];
  let adding = false;
  for (const [start, end] of actionsOf(tokens, name.next)) {
    const verb = tokens[start]?.u;
    const second = tokens[start + 1]?.u;
    const behind = second === 'COLUMN' ? start + 2 : start + 1;
    if (verb === 'ADD') {
      adding = true;
      if (behind < end && tokens[behind]?.u === 'IF') {
        use.ifNotExists = true;
        addColumn(scan, behind + 3, end, added);
      } else if (isPunct(tokens[behind], '('))
        for (const column of readColumns(tokens, behind, scan.text)) added.push(column);
      else if (second === 'COLUMN' || !isTableConstraint(tokens, behind, end)) addColumn(scan, behind, end, added);
      continue;
    }
    if (verb === 'DROP') adding = false;
    if (verb === 'DROP' && !/^(?:CONSTRAINT|INDEX|KEY|PRIMARY|FOREIGN|CHECK|PARTITION|DEFAULT)$/.test(second ?? '')) {
      const column = tokens[tokens[behind]?.u === 'IF' ? behind + 2 : behind];
      if (column !== undefined && column.k !== 'punct') drops.push(column.v);
    } else if (verb === 'RENAME') {
      if (second === 'TO' || second === 'AS') use.renamedTo = readName(tokens, start + 2)?.table ?? '?';
      else if (!/^(?:CONSTRAINT|INDEX|KEY)$/.test(second ?? '') && tokens[behind + 1]?.u === 'TO') {
        renames.push([(tokens[behind] as Token).v, tokens[behind + 2]?.v ?? '?']);
      }
    } else if (verb === 'CHANGE') {
      const old = tokens[behind]?.v;
      const column = readColumn(tokens, behind + 1, end, scan.text);
      if (old !== undefined && column !== undefined) {
        if (old !== column.name) renames.push([old, column.name]);
        modifies.push(column);
      }
    } else if (verb === 'MODIFY') addColumn(scan, behind, end, modifies);
    else if (verb === 'ALTER' || verb === 'SET' || verb === 'OWNER' || verb === 'ENABLE') adding = false;
    else if (adding) {
      // SQL Server: `ADD a INT, b INT`.
      if (!isTableConstraint(tokens, start, end)) addColumn(scan, start, end, added);
    }
  }
  if (added.length > 0) use.columns = added;
  if (drops.length > 0) use.drops = drops;
  if (renames.length > 0) use.renames = renames;
  if (modifies.length > 0) use.modifies = modifies;
  scan.emit(use);
}

function addColumn(scan: Scan, from: number, end: number, to: DdlColumn[]): void {
  const column = readColumn(scan.tokens, from, end, scan.text);
  if (column !== undefined) to.push(column);
}

function actionsOf(tokens: readonly Token[], from: number): (readonly [start: number, end: number])[] {
  const actions: (readonly [number, number])[] = [];
  let depth = 0;
  let start = from;
  for (let index = from; index <= tokens.length; index++) {
    const token = tokens[index];
    if (isPunct(token, '(')) depth += 1;
    else if (isPunct(token, ')')) depth -= 1;
    if (token !== undefined && !(depth <= 0 && isPunct(token, ','))) continue;
    if (index > start) actions.push([start, index]);
    start = index + 1;
  }
  return actions;
}
