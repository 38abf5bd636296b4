/**
 * The drafts of a phase put together: all edits of a file are spliced at once, moved files are edited at their new place, folders are
 * made and go as needed. What two actions want differently of one path is an error that names both.
 */

import type { PathState } from '../../disk/path-state.ts';
import { readSource } from '../../edit/source-text.ts';
import { type Edit, splice } from '../../edit/splice.ts';
import { DesprawlError } from '../../errors.ts';
import type { PlannedStep } from '../../steps/step.ts';
import { type Change, stepsBetween } from '../../steps/steps-between.ts';
import type { Measured } from '../measured.ts';
import type { DraftChange, DraftOf } from './draft.ts';
import { emptyFolders } from './empty-folders.ts';
import { indexSteps } from './index-steps.ts';
import type { CompiledPhase, EditedFile } from './model.ts';
import { fileOf } from './new-file.ts';
import { pendingHash, pendingManifest } from './pending.ts';

export interface Merged extends Omit<CompiledPhase, 'phase'> {
  /** What the phase leaves at each path that it touches, and the content where it is new. */
  readonly after: ReadonlyMap<
    string,
    { readonly state: PathState; readonly content?: Uint8Array; readonly movedFrom?: string }
  >;
  /** Paths of texts that are written, with the actions that edit them. */
  readonly puts: ReadonlyMap<string, readonly string[]>;
  /** Texts before, of files that are edited. */
  readonly texts: ReadonlyMap<string, string>;
}

interface Wanted extends DraftChange {
  readonly action: string;
}

const FOLDER_MODE = 0o755;

export function mergeDrafts(drafts: readonly DraftOf[], on: Measured): Merged {
  const layers = layersOf(drafts);
  const all = layers.flatMap((layer) => [...layer.values()]);
  const movedTo = new Map(all.flatMap((one) => (one.movedFrom === undefined ? [] : [[one.movedFrom, one] as const])));
  const goes = new Set(
    all.filter(({ path, want }) => want.kind === 'absent' && !movedTo.has(path)).map(({ path }) => path),
  );
  const texts = new Map<string, string>();
  const puts = new Map<string, readonly string[]>();
  const edited: EditedFile[] = [];
  const first = layers[0] ?? new Map<string, Wanted>();
  for (const [path, edits] of editsOf(drafts, on)) {
    // A file that goes need not be edited before.
    if (goes.has(path)) continue;
    const file = editFile(path, edits, on);
    const move = movedTo.get(path);
    const to = move?.path ?? path;
    texts.set(path, file.before);
    puts.set(to, [...new Set(edits.map(({ action }) => action))]);
    edited.push({ ...file, to });
    const written = fileOf(file.write(splice(file.before, edits, path)), file.mode);
    const layer = move === undefined ? first : (layers.find((one) => one.get(to) === move) ?? first);
    if (move === undefined && layer.has(path)) throw twice(path, layer.get(path)?.action ?? '', edits[0]?.action ?? '');
    layer.set(to, { ...(move ?? { action: edits[0]?.action ?? '' }), path: to, ...written });
  }
  if (layers.length === 0 && first.size > 0) layers.push(first);
  const after: Map<string, { state: PathState; content?: Uint8Array; movedFrom?: string }> = new Map();
  const stateOf = (path: string): PathState => after.get(path)?.state ?? on.stateOf(path);
  const steps: PlannedStep[] = [];
  const contents = new Map<string, Uint8Array>();
  for (const [i, layer] of layers.entries()) {
    addFolders(layer, stateOf);
    if (i === layers.length - 1) emptyFolders(drafts, layer, stateOf, on);
    const changes = [...layer.values()].map((one): Change => {
      const { path, want, movedFrom, action, store } = one;
      const common = { path, now: stateOf(path), want, action, ...(store === undefined ? {} : { store }) };
      return movedFrom === undefined ? common : { ...common, movedFrom };
    });
    steps.push(...stepsBetween(changes));
    for (const { path, want, content, movedFrom } of layer.values()) {
      if (content !== undefined && want.kind === 'file') contents.set(want.sha256, content);
      after.set(path, {
        state: want,
        ...(content === undefined ? {} : { content }),
        ...(movedFrom === undefined ? {} : { movedFrom }),
      });
    }
  }
  steps.push(...indexSteps(drafts, on));
  const archived = drafts.flatMap(({ action, draft }) =>
    draft.archived.length === 0 ? [] : [{ action: action.id, paths: [...draft.archived].sort() }],
  );
  const loose = [...new Set(drafts.flatMap(({ draft }) => draft.loose ?? []))].sort();
  const merges = drafts.flatMap(({ action, draft }) =>
    draft.merge === undefined ? [] : [{ action: action.id, ...draft.merge, pending: pendingHash(action.id), loose }],
  );
  const exports = drafts.flatMap(({ action: { id }, draft }) =>
    draft.export === undefined
      ? []
      : [{ action: id, ...draft.export, pending: pendingHash(id), pendingManifest: pendingManifest(id) }],
  );
  const moves = [...movedTo].filter(([from]) => !texts.has(from));
  for (const [from, { path: to }] of moves) {
    const state = on.stateOf(from);
    if (state.kind === 'file')
      edited.push({ from, to, before: '', edits: [], mode: state.mode, write: (text) => Buffer.from(text) });
  }
  // Texts that are made are in a patch too.
  for (const { path, want, content } of all) {
    if (content === undefined || want.kind !== 'file' || on.stateOf(path).kind !== 'absent') continue;
    const text = Buffer.from(content).toString('utf8');
    const edit = {
      start: 0,
      end: 0,
      with: text,
      why: 'new file',
      action: layers.map((one) => one.get(path)).find((one) => one !== undefined)?.action ?? '',
    };
    if (text !== '')
      edited.push({
        from: null,
        to: path,
        before: '',
        edits: [edit],
        mode: want.mode,
        write: (one) => Buffer.from(one),
      });
  }
  edited.sort((x, y) => ((x.from ?? x.to) < (y.from ?? y.to) ? -1 : 1));
  return { steps, contents, archived, merges, exports, edited, after, puts, texts };
}

/**
 * Changes of paths, in as few layers as there may be: a path that one action takes away and another fills is in two, unless the first
 * moves it. (Moves among each other are one layer: they may go in a circle.)
 */
function layersOf(drafts: readonly DraftOf[]): Map<string, Wanted>[] {
  const sources = new Set(drafts.flatMap(({ draft }) => draft.changes.flatMap(({ movedFrom }) => movedFrom ?? [])));
  const layers: Map<string, Wanted>[] = [];
  for (const { action, draft } of drafts) {
    let at = 0;
    for (const { path, want } of draft.changes) {
      const [found, layer] = lastOf(path, layers);
      if (found === undefined || (found.want.kind === 'absent' && want.kind === 'absent')) continue;
      if (found.want.kind !== 'absent' && want.kind !== 'absent') throw twice(path, found.action, action.id);
      // A source of a move that is filled by another move is one change of one layer.
      at = Math.max(at, sources.has(path) ? layer : layer + 1);
    }
    while (layers.length <= at) layers.push(new Map());
    for (const change of draft.changes) {
      const layer = layers[at] as Map<string, Wanted>;
      const [found] = lastOf(change.path, layers);
      if (found !== undefined && change.want.kind === 'absent') continue;
      layer.set(change.path, { ...change, action: action.id });
    }
  }
  return layers;
}

function lastOf(path: string, layers: readonly Map<string, Wanted>[]): readonly [Wanted | undefined, number] {
  const at = layers.findLastIndex((layer) => layer.has(path));
  return [layers[at]?.get(path), at];
}

function twice(path: string, a: string, b: string): DesprawlError {
  return new DesprawlError('DSP-PLAN-INVALID', `${a} and ${b} both change ${path}, each in its own way.`, {
    hint: 'Leave one of the two actions out with `skip: true`, or put them into different phases.',
  });
}

/** By file as it lies before the phase; lines that are put at the end are one edit. */
function editsOf(drafts: readonly DraftOf[], on: Measured): ReadonlyMap<string, readonly Edit[]> {
  const found = new Map<string, Edit[]>();
  const lines = new Map<string, { line: string; action: string; why: string }[]>();
  for (const { action, draft } of drafts) {
    for (const edit of draft.edits)
      if (!isRepeated(edit, found.get(edit.path) ?? []))
        found.set(edit.path, [...(found.get(edit.path) ?? []), { ...edit, action: action.id }]);
    for (const { path, line, why } of draft.appends) {
      const same = lines.get(path)?.some((one) => one.line === line) ?? false;
      if (!same) lines.set(path, [...(lines.get(path) ?? []), { line, action: action.id, why }]);
    }
  }
  for (const [path, added] of lines) {
    const text = textOf(path, on);
    const eol = /\r\n/.test(text) ? '\r\n' : '\n';
    const open = text !== '' && !text.endsWith('\n') ? eol : '';
    const [{ action, why }] = added as [(typeof added)[number]];
    const by = `${open}${added.map(({ line }) => `${line}${eol}`).join('')}`;
    found.set(path, [...(found.get(path) ?? []), { start: text.length, end: text.length, with: by, why, action }]);
  }
  return new Map([...found].sort(([x], [y]) => (x < y ? -1 : 1)));
}

/** Two stores that are pointed to one are said by one text. */
const isRepeated = (edit: Edit, known: readonly Edit[]): boolean =>
  known.some(
    (one) => one.start === edit.start && one.end === edit.end && one.with === edit.with && edit.end > edit.start,
  );

function textOf(path: string, on: Measured): string {
  return on.stateOf(path).kind === 'absent' ? '' : (readSource(on.read(path))?.text ?? '');
}

function editFile(path: string, edits: readonly Edit[], on: Measured): EditedFile {
  const state = on.stateOf(path);
  if (state.kind === 'absent')
    return { from: null, to: path, before: '', edits, mode: 0o644, write: (text) => Buffer.from(text) };
  const source = state.kind === 'file' ? readSource(on.read(path)) : null;
  if (state.kind !== 'file' || source === null) {
    throw new DesprawlError('DSP-PLAN-INVALID', `${edits[0]?.action}: ${path} is no text that could be edited.`);
  }
  return { from: path, to: path, before: source.text, edits, mode: state.mode, write: source.write };
}

/** Folders that what is put or moved needs. */
function addFolders(layer: Map<string, Wanted>, stateOf: (path: string) => PathState): void {
  for (const { path, want, action } of [...layer.values()]) {
    if (want.kind === 'absent') continue;
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      if (layer.has(folder) || stateOf(folder).kind !== 'absent') continue;
      layer.set(folder, { path: folder, want: { kind: 'folder', mode: FOLDER_MODE }, action });
    }
  }
}
