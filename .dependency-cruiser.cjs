/** Architecture rules; each says why. The picture is in docs/architecture.md. */
const lib = (names) => `^libs/(${names})/`;
const source = { pathNot: '\\.(spec|int-spec|e2e-spec)\\.ts$' };
const leaf = (name, why) => ({
  name: `${name}-is-a-leaf`,
  severity: 'error',
  comment: why,
  from: { path: lib(name), ...source },
  to: { path: '^(libs|apps|tools|test|bench)/', pathNot: lib(name) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle has no bottom to start reading at.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'ctim-is-pure',
      severity: 'error',
      comment:
        'The model needs no I/O, clock, randomness or package: time and ids come in as arguments.',
      from: { path: '^libs/ctim/', ...source },
      to: { pathNot: '^libs/ctim/' },
    },
    leaf('securitytrails', 'The client knows HTTP and its vendor, nothing of ours.'),
    leaf('cache', 'The cache knows keys, bytes and time, nothing of what it holds.'),
    leaf('observables', 'What an observable is depends on nobody.'),
    leaf('governor', 'The governor knows keys, calls and time.'),
    leaf(
      'platform',
      'Configuration, logging and Redis profiles serve everybody, so they depend on nobody.',
    ),
    {
      name: 'jobs-know-observables-only',
      severity: 'error',
      comment: "A job names what to do; who does it is the worker's affair.",
      from: { path: lib('jobs'), ...source },
      to: { path: '^(libs|apps|tools|test|bench)/', pathNot: lib('jobs|observables') },
    },
    {
      name: 'changes-know-observables-only',
      severity: 'error',
      comment: 'What changed is told by histories alone, wherever they come from.',
      from: { path: lib('changes'), pathNot: '\\.spec\\.ts$|/testing/' },
      to: { path: '^(libs|apps|tools|test|bench)/', pathNot: lib('changes|observables') },
    },
    {
      name: 'watch-knows-observables-only',
      severity: 'error',
      comment: 'Who watches what, and what is due, depends on nobody who refreshes it.',
      from: { path: lib('watch'), ...source },
      to: { path: '^(libs|apps|tools|test|bench)/', pathNot: lib('watch|observables') },
    },
    {
      name: 'ledger-knows-observables-only',
      severity: 'error',
      comment: 'What a call costs is counted alike, whoever makes it.',
      from: { path: lib('ledger'), ...source },
      to: { path: '^(libs|apps|tools|test|bench)/', pathNot: lib('ledger|observables') },
    },
    {
      name: 'webhooks-know-observables-only',
      severity: 'error',
      comment: 'A message is told what changed; who found it and how is not its affair.',
      from: { path: lib('webhooks'), ...source },
      to: { path: '^(libs|apps|tools|test|bench)/', pathNot: lib('webhooks|observables') },
    },
    leaf('audit', 'The log must take any action of anybody, so it knows none.'),
    {
      name: 'watching-stands-below-the-processes',
      severity: 'error',
      comment: 'Its use cases serve the worker, the API and the command line alike.',
      from: { path: lib('watching'), ...source },
      to: {
        path: '^(libs|apps|tools|test|bench)/',
        pathNot: lib('watching|watch|changes|ledger|enrichment|jobs|observables|governor'),
      },
    },
    {
      name: 'enrichment-imports',
      severity: 'error',
      comment:
        'Enrichment joins the leaves; it does not know the processes, the queue or the platform.',
      from: { path: lib('enrichment'), ...source },
      to: {
        path: '^(libs|apps|tools|test|bench)/',
        pathNot: lib('enrichment|ctim|securitytrails|cache|observables|governor|ledger'),
      },
    },
    {
      name: 'core-is-for-apps',
      severity: 'error',
      comment: 'The composition that both apps share stands above every lib.',
      from: { pathNot: '^(apps|libs/core|test)/' },
      to: { path: lib('core') },
    },
    {
      name: 'apps-are-apart',
      severity: 'error',
      comment: 'What two processes share is a library.',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'nothing-imports-apps',
      severity: 'error',
      comment: 'Apps are composition roots.',
      from: { path: '^(libs|tools)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'nothing-imports-test',
      severity: 'error',
      comment: 'Test support never ships.',
      from: { path: '^(apps|libs|tools|bench)/', ...source },
      to: { path: '^test/' },
    },
    {
      name: 'one-door-per-lib-from-outside',
      severity: 'error',
      comment: 'A lib is reached through src/index.ts, so its inside can change.',
      from: { path: '^(apps|tools|test|bench)/' },
      to: { path: '^libs/[^/]+/src/', pathNot: '^libs/[^/]+/src/index\\.ts$' },
    },
    {
      name: 'one-door-per-lib-from-libs',
      severity: 'error',
      comment: 'A lib is reached through src/index.ts, so its inside can change.',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/[^/]+/src/', pathNot: ['^libs/[^/]+/src/index\\.ts$', '^libs/$1/'] },
    },
    {
      name: 'redis-only-behind-ports',
      severity: 'error',
      comment: 'Redis is spoken to in adapters named for it.',
      from: {
        path: '^libs/(cache|governor|jobs|enrichment|changes|watch|ledger|watching|webhooks|audit)/',
        pathNot: '(redis|bullmq)[^/]*\\.ts$|\\.spec\\.ts$',
      },
      to: { path: 'node_modules/(ioredis|bullmq|rate-limiter-flexible)' },
    },
    {
      name: 'client-has-no-redis',
      severity: 'error',
      comment: 'The vendor client is plain HTTP.',
      from: { path: '^libs/(securitytrails|observables)/' },
      to: { path: 'node_modules/(ioredis|bullmq|@nestjs)' },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      comment: 'An import that resolves nowhere fails at boot.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependency-in-production',
      severity: 'error',
      comment: 'The image has no dev dependencies.',
      from: { path: '^(apps|libs|tools/cli|tools/simulator)/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
