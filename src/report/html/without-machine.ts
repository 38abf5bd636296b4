/** A page is handed on: where the project lies on this machine, and what lies around it, is nobody else's business. */
import { posix } from 'node:path';
import type { Audit, Finding } from '../../audit/model.ts';
import type { Binding } from '../../bindings/model.ts';
import type { Audited } from './audited.ts';

export function withoutMachine({ code, ...audit }: Audit): Audited {
  const { root } = audit.project;
  const text = fromTheRoot(root);
  const findings = audit.findings.map(
    (finding): Finding => ({
      ...finding,
      message: text(finding.message),
      at: finding.at.map((place) => ({ ...place, path: text(place.path) })),
      evidence: finding.evidence.map(text),
      consequence: text(finding.consequence),
      action: text(finding.action),
      ...(finding.command === undefined ? {} : { command: finding.command.map(text) }),
    }),
  );
  const bindings = code.bindings.map(
    (binding): Binding => ({
      ...binding,
      spelling: text(binding.spelling),
      context: text(binding.context),
      target:
        binding.target.kind === 'outside' || binding.target.kind === 'temporary'
          ? { ...binding.target, path: outside(binding.target.path, root) }
          : binding.target,
      assumes: binding.assumes.map(text),
      changesIf: binding.changesIf.map(text),
      evidence: binding.evidence.map((one) => ({
        ...one,
        text: text(one.text),
        ...(one.path === undefined ? {} : { path: text(one.path) }),
      })),
    }),
  );
  return { ...audit, project: { ...audit.project, root: '' }, findings, bindings };
}

/** Paths below the project's folder, as seen from there, wherever they stand in a text. */
function fromTheRoot(root: string): (text: string) => string {
  // The root of the file system, or a folder right below it, says nothing and is part of too much.
  if (root.split('/').length < 3) return (text) => text;
  const escaped = root.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const below = new RegExp(`(?<![\\w.-])${escaped}(?:/+|(?![\\w.-]))`, 'g');
  return (text) => (text.includes(root) ? text.replace(below, (found) => (found.endsWith('/') ? '' : '.')) : text);
}

/** What shares a home with the project is named from the project; `/var/lib/app.db` is part of the finding. */
function outside(path: string, root: string): string {
  const [, top, home] = root.split('/');
  if (home === undefined || !path.startsWith(`/${top}/${home}/`)) return path;
  return posix.relative(root, path);
}
