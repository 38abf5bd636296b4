/** Where links of the page lead. Stable between runs where what they name is: a link to a finding can be sent to somebody. */
import type { Finding } from '../../audit/model.ts';

export interface Anchors {
  /** By position in `audit.findings`. */
  readonly findings: readonly string[];
  store(id: string): string;
  /** Of a file of code. */
  code(path: string): string;
  /** Of the twins of two stores, in either order. */
  twins(a: string, b: string): string;
}

export function anchorsOf(audit: {
  readonly findings: readonly Finding[];
  readonly stores: readonly { readonly id: string }[];
  readonly bindings: readonly { readonly path: string }[];
}): Anchors {
  const taken = new Set<string>();
  const findings = audit.findings.map(({ fingerprint }, i) => {
    const short = /^[0-9a-f]{8,}$/.test(fingerprint) ? fingerprint.slice(0, 12) : String(i);
    const anchor = taken.has(short) ? `finding-${short}-${i}` : `finding-${short}`;
    taken.add(short);
    return anchor;
  });
  const stores = new Map(audit.stores.map(({ id }, i) => [id, i]));
  const files = new Map([...new Set(audit.bindings.map(({ path }) => path))].sort().map((path, i) => [path, i]));
  return {
    findings,
    store: (id) => `store-${stores.get(id) ?? 'none'}`,
    code: (path) => `code-${files.get(path) ?? 'none'}`,
    twins: (a, b) => `twins-${[stores.get(a) ?? 'none', stores.get(b) ?? 'none'].sort().join('-')}`,
  };
}
