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
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'looking-cannot-change',
      comment: 'Promise 1: an audit changes nothing. What looks cannot even import what writes to a project.',
      severity: 'error',
      from: { path: '^src/(project|stores|rows|code|bindings|audit|report|doctor|edit)/' },
      to: { path: '^src/(steps|apply|rollback|vault|journal|state|copy)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'looking-has-no-disk',
      comment:
        'What looks cannot change: it does not even hold the door through which changes go. Types tell of it only.',
      severity: 'error',
      from: { path: '^src/(project|stores|rows|code|bindings|audit|report|doctor|edit|plan)/' },
      to: { path: '^src/disk/', pathNot: '^src/disk/paths\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-disk-knows-nothing',
      comment: 'Every change goes through the disk, so that nothing of what is changed or why may be known there.',
      severity: 'error',
      from: { path: '^src/disk/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(disk/|errors\\.ts$)' },
    },
    {
      name: 'one-real-disk',
      comment: 'A test must be able to put another disk in its place: only the program itself chooses the real one.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli/bin|index)\\.ts$|\\.test\\.ts$' },
      to: { path: '^src/disk/real-disk\\.ts$' },
    },
    {
      name: 'a-backup-depends-on-no-run',
      comment: 'The vault must be readable, and a backup possible, whatever became of runs, steps and plans.',
      severity: 'error',
      from: { path: '^src/vault/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^src/(journal|steps|apply|rollback|plan|audit|code|bindings|cli)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'the-journal-knows-no-actions',
      comment: 'Recovery must work when a plan cannot be read any more.',
      severity: 'error',
      from: { path: '^src/(journal|state)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^src/(plan|audit|code|bindings|edit|cli|apply|rollback|verify)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'steps-know-no-plans',
      comment: 'A primitive is proven once, for whatever action it is made: it cannot ask for which.',
      severity: 'error',
      from: { path: '^src/steps/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/(plan|audit|code|bindings|edit|apply|rollback|cli)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'planning-changes-nothing',
      comment:
        'A plan is made of what was measured: what plans gets types of steps, records and backups, not their code.',
      severity: 'error',
      from: { path: '^src/plan/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^src/(steps|journal|vault|state|apply|rollback|copy)/',
        pathNot: '^src/steps/(step|steps-between)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'rollback-needs-no-plan',
      comment: 'The way back must be open when the plan is gone, edited, or of another version.',
      severity: 'error',
      from: { path: '^src/rollback/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/(plan|audit|code|bindings|edit)/' },
    },
    {
      name: 'editing-is-text-to-text',
      comment: 'An edit is a pure function of a text, so that it can be tried on a project that is only imagined.',
      severity: 'error',
      from: { path: '^src/edit/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(node:)?(fs|fs/promises|child_process|net|http|https|os|worker_threads)$' },
    },
    {
      name: 'verifying-changes-nothing',
      comment: 'What judges a run must not be able to do one.',
      severity: 'error',
      from: { path: '^src/verify/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/(steps|apply|rollback)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'projects-are-written-through-steps-only',
      comment: 'New files that a user asked for by name go through the same door as every later change.',
      severity: 'error',
      from: { path: '^src/(cli|config|index)', pathNot: '^src/cli/(commands/|main)' },
      to: { path: '^src/steps/', dependencyTypesNot: ['type-only'] },
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
      from: {
        path: '^src/(cli|audit|report|config|project|doctor|steps|index|exports/(export|verify-export|snapshots|place-files))',
        pathNot: '\\.test\\.ts$',
      },
      to: {
        path: '^src/(stores/(sqlite/(driver|sqlite-reader|stage|recover|cells|schema)|kinds|child/worker)|exports/(write|compare|select|lost)-rows)\\.ts$',
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
