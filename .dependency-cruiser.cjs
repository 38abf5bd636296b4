/** Layer rules: each with the sentence why. `npm run lint:layers` checks them. */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A circle of files can only be understood whole; data flows one way (design, "How data flows").',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'domain-knows-no-front-door',
      comment: 'CLI, REST and MCP are doors of one house: the rooms do not know which door was used.',
      severity: 'error',
      from: { path: '^src/(project|stores|rows|code|bindings|audit|report|config|steps|doctor)/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'looking-cannot-change',
      comment: 'Promise 1: an audit changes nothing. What looks cannot even import what writes to a project.',
      severity: 'error',
      from: { path: '^src/(project|stores|rows|code|bindings|audit|report|doctor)/' },
      to: { path: '^src/steps/' },
    },
    {
      name: 'projects-are-written-through-steps-only',
      comment: 'New files that a user asked for by name go through the same door as every later change.',
      severity: 'error',
      from: { path: '^src/(cli|config|index)', pathNot: '^src/cli/(commands/|main)' },
      to: { path: '^src/steps/' },
    },
    {
      name: 'facts-know-no-conclusions',
      comment:
        'Facts depend on the text of one file alone, so that they can be cached by content and tested without a project.',
      severity: 'error',
      from: { path: '^src/code/' },
      to: { path: '^src/(bindings|audit|report|cli)/' },
    },
    {
      name: 'bindings-know-no-findings',
      comment: 'Which store a line opens is measured before anything is concluded from it.',
      severity: 'error',
      from: { path: '^src/bindings/' },
      to: { path: '^src/(audit|report|cli)/' },
    },
    {
      name: 'detectors-do-not-import-each-other',
      comment: 'One detector, one code: what two of them need is a measured fact and belongs to the inventory.',
      severity: 'error',
      from: { path: '^src/audit/detectors/([^/]+)\\.ts$', pathNot: '^src/audit/detectors/index\\.ts$' },
      to: { path: '^src/audit/detectors/', pathNot: ['^src/audit/detectors/(finding|$1)\\.ts$'] },
    },
    {
      name: 'reports-do-no-io',
      comment: 'A report is a pure function of a result: the same audit gives the same text everywhere.',
      severity: 'error',
      from: { path: '^src/report/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(node:)?(fs|fs/promises|child_process|net|http|https|os|worker_threads)$' },
    },
    {
      name: 'sqlite-in-children-only',
      comment:
        'Reading the bytes of a file in a process that has it open drops that process’s locks, and a long query cannot be interrupted in-process. Only the child’s entry reaches the driver.',
      severity: 'error',
      from: { path: '^src/(cli|audit|report|config|project|doctor|steps|index)', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^src/stores/(sqlite/(driver|sqlite-reader|stage|recover|cells|schema)|kinds|child/worker)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'one-driver-file',
      comment: 'node:sqlite may take over one day: then one file changes.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/stores/sqlite/driver\\.ts$|\\.test\\.ts$' },
      to: { path: '@photostructure/sqlite' },
    },
    {
      name: 'no-tests-in-the-product',
      comment: 'Tests know the product, not the other way round.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.(test|contract)\\.ts$' },
      to: { path: '\\.(test|contract)\\.ts$|^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
