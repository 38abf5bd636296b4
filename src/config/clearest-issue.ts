/** What the schema found wrong, reduced to the one thing to say: where a value may have several forms, the form that was meant. */

/** As much of zod's issues and schemas as is needed here. */
export interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  /** Of a value that has none of its forms: what is wrong with each. */
  readonly errors?: readonly (readonly Issue[])[];
  /** Of a key: what is wrong with it. */
  readonly issues?: readonly Issue[];
}

interface Schema {
  readonly def: {
    readonly innerType?: Schema;
    readonly valueType?: Schema;
    readonly element?: Schema;
    readonly options?: readonly Schema[];
    readonly shape?: Readonly<Record<string, Schema>>;
  };
}

export interface Clearest {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Where a key is not known: it, and those that are. */
  readonly unknown?: { readonly key: string; readonly known: readonly string[] };
}

export function clearestIssue(schema: unknown, issues: readonly Issue[]): Clearest {
  return clearest(schema as Schema, issues);
}

function clearest(schema: Schema, issues: readonly Issue[]): Clearest {
  // A misspelt key is the cause of the one that is missing.
  const issue = issues.find(({ keys }) => keys !== undefined) ?? issues[0];
  if (issue === undefined) return { path: [], message: 'invalid' };
  const at = schemaAt(schema, issue.path);
  if (issue.errors !== undefined && issue.errors.length > 0) {
    const [form, found] = [...issue.errors.entries()].reduce((a, b) => (weight(b[1]) < weight(a[1]) ? b : a));
    const options = at?.def.options ?? [];
    const meant = clearest(options[form] ?? schema, found);
    // Where the value itself has the wrong type, no form was meant.
    if (meant.path.length === 0 && meant.unknown === undefined) return { path: issue.path, message: issue.message };
    return { ...meant, path: [...issue.path, ...meant.path] };
  }
  const [key] = issue.keys ?? [];
  if (key === undefined) return { path: issue.path, message: issue.issues?.[0]?.message ?? issue.message };
  const known = Object.keys(at?.def.shape ?? {});
  return { path: issue.path, message: issue.message, unknown: { key, known } };
}

function weight(issues: readonly Issue[]): number {
  return issues.reduce((sum, { keys }) => sum + (keys?.length ?? 1), 0);
}

function schemaAt(schema: Schema, path: readonly PropertyKey[]): Schema | undefined {
  let at: Schema | undefined = bare(schema);
  for (const step of path) {
    at = bare(at?.def.shape?.[String(step)] ?? at?.def.valueType ?? at?.def.element);
  }
  return at;
}

/** What is optional is what it is. */
function bare(schema: Schema | undefined): Schema | undefined {
  let at = schema;
  while (at?.def.innerType !== undefined) at = at.def.innerType;
  return at;
}
