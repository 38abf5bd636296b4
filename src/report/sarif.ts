/** An audit as SARIF 2.1.0, for code scanning. Fingerprints are those of the findings: stable between runs and machines. */
import type { Audit, Finding, FindingDoc, Severity } from '../audit/model.ts';
import { VERSION } from '../version.ts';

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note' | 'none'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  good: 'none',
};

/** `docs`: the texts of every code that may occur. */
export function auditToSarif(audit: Audit, docs: readonly FindingDoc[]): object {
  const rules = docs.map(({ code, title, when, why, fix, severity }) => ({
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: when },
    help: { text: `${why}\n\n${fix}` },
    defaultConfiguration: { level: LEVELS[severity] },
  }));
  const { git } = audit.project;
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'desprawl', semanticVersion: VERSION, rules } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { PROJECT: { description: { text: 'The folder of the project.' } } },
        ...(git?.head == null ? {} : { properties: { commit: git.head } }),
        results: audit.findings.map((finding) => result(finding, docs)),
      },
    ],
  };
}

function result(finding: Finding, docs: readonly FindingDoc[]): object {
  const { code, severity, confidence, message, at, evidence, consequence, action, fingerprint } = finding;
  return {
    ruleId: code,
    ruleIndex: docs.findIndex((doc) => doc.code === code),
    kind: severity === 'good' ? 'pass' : 'fail',
    level: LEVELS[severity],
    message: { text: [message, ...evidence, consequence, action].join('\n') },
    locations: at.map(({ path, line }) => ({
      physicalLocation: {
        artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'PROJECT' },
        ...(line === undefined ? {} : { region: { startLine: line } }),
      },
    })),
    partialFingerprints: { 'desprawl/v1': fingerprint },
    properties: { severity, confidence },
  };
}
