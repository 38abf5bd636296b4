/** Texts that `write-file` can be asked for by name. A template sees nothing but paths. */
import type { Plan } from './model.ts';

export function template(name: string, on: { readonly plan: Plan }): string | null {
  return name === 'untracked-note' ? untrackedNote(on.plan) : null;
}

/** What to do in every other checkout before the commit that untracks a file is pulled (trap S10). */
function untrackedNote(plan: Plan): string {
  const files = plan.actions
    .filter((action) => action.kind === 'untrack' && !action.skip)
    .map(({ subject }) => subject)
    .sort();
  const aside = files.map((path) => `cp -p ${word(path)} ../${word(path.split('/').join('__'))}`);
  const back = files.map((path) => `mv ../${word(path.split('/').join('__'))} ${word(path)}`);
  return `# Before you pull

Git no longer tracks these files, and \`git pull\` deletes them in every checkout that still does:

${files.map((path) => `- \`${path}\``).join('\n')}

They hold data that is in use. In each other checkout, with the programs stopped:

    ${[...aside, `git checkout -- ${files.map(word).join(' ')}`, 'git pull', ...back].join('\n    ')}
`;
}

function word(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
