/** The walls of the house (docs/architecture.md). test/walls proves that a violation is noticed. */
const lib = (name) => `^libs/${name}/`;
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'journey-is-pure',
      comment: 'The core decides: no I/O, no framework, nothing of ours.',
      severity: 'error',
      from: { path: lib('journey'), pathNot: '\\.spec\\.ts$' },
      to: { pathNot: [lib('journey'), '^node_modules/yaml/', '^node:crypto$', '^crypto$'] },
    },
    {
      name: 'stores-know-only-journey',
      severity: 'error',
      from: { path: '^libs/(event-store|read-models)/' },
      to: { path: '^(libs|apps)/', pathNot: ['^libs/journey/src/index\\.ts$', '^libs/$1/'] },
    },
    {
      name: 'engine-knows-the-three',
      severity: 'error',
      from: { path: lib('engine') },
      to: { path: '^apps/' },
    },
    {
      name: 'client-stands-alone',
      severity: 'error',
      from: { path: lib('client') },
      to: { path: '^(libs|apps)/', pathNot: lib('client') },
    },
    {
      name: 'no-deep-imports',
      comment: 'A library is its index.ts.',
      severity: 'error',
      from: { path: '^(apps|libs|test|bench)/([^/]+)/' },
      to: {
        path: '^libs/([^/]+)/src/',
        pathNot: ['^libs/[^/]+/src/index\\.ts$', '^$1/$2/', '^libs/[^/]+/src/testing\\.ts$'],
      },
    },
    {
      name: 'sqlite-only-in-adapters',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/(event-store|read-models)/src/sqlite/', '\\.spec\\.ts$'] },
      to: { path: '@photostructure/sqlite' },
    },
    {
      name: 'no-app-imports-the-other-internals',
      severity: 'error',
      from: { path: '^apps/server/' },
      to: { path: '^apps/cli/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
