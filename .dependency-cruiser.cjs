/**
 * The walls of the house (docs/architecture.md). test/walls/fixture breaks each of them once, and test/walls proves that every
 * break is reported.
 */
const lib = (name) => `^libs/${name}/`;
const npm = (name) => `(^|/)node_modules/${name}/`;
const SPECS = '\\.(e2e-)?spec\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'journey-is-pure',
      comment: 'The core decides: no I/O, no framework, nothing of ours.',
      severity: 'error',
      from: { path: lib('journey'), pathNot: SPECS },
      to: { pathNot: [lib('journey'), npm('yaml'), '^(node:)?crypto$'] },
    },
    {
      name: 'stores-know-only-journey',
      comment: 'A store keeps and finds; it neither decides nor runs anything, and knows no other store.',
      severity: 'error',
      from: { path: '^libs/(event-store|read-models)/' },
      to: { path: '^(libs|apps)/', pathNot: ['^libs/(journey|blocking-calls)/src/(index|testing)\\.ts$', '^libs/$1/'] },
    },
    {
      name: 'blocking-calls-stand-alone',
      comment: 'A way for threads to wait for each other: it knows neither what is asked nor who asks.',
      severity: 'error',
      from: { path: lib('blocking-calls'), pathNot: SPECS },
      to: { pathNot: [lib('blocking-calls'), '^(node:)?worker_threads$'] },
    },
    {
      name: 'engine-knows-the-three',
      comment: 'The engine uses the libraries; the apps use the engine, never the other way round.',
      severity: 'error',
      from: { path: lib('engine') },
      to: { path: ['^apps/', lib('client')] },
    },
    {
      name: 'client-stands-alone',
      comment: 'The client is a package for users: it brings nothing of the server along.',
      severity: 'error',
      from: { path: lib('client') },
      to: { path: '^(libs|apps)/', pathNot: lib('client') },
    },
    {
      name: 'no-deep-imports',
      comment: 'A library is its index.ts (and testing.ts for tests).',
      severity: 'error',
      from: { path: '^(apps|libs|test|bench)/([^/]+)/' },
      to: {
        path: '^libs/([^/]+)/src/',
        pathNot: ['^libs/[^/]+/src/(index|testing)\\.ts$', '^$1/$2/'],
      },
    },
    {
      name: 'testing-only-in-tests',
      comment: 'What a library offers to tests must not run in production.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [SPECS, '/testing\\.ts$', '/testing/', '/contract/'] },
      to: { path: '^libs/[^/]+/src/testing\\.ts$' },
    },
    {
      name: 'sqlite-only-in-adapters',
      comment: 'A technology is named in its adapter and nowhere else.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/(event-store|read-models)/src/sqlite/', SPECS] },
      to: { path: npm('@photostructure/sqlite') },
    },
    {
      name: 'eventstoredb-only-in-its-folders',
      comment: 'The protocol and its client are named where they are spoken: by the endpoint and by the adapter.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/event-store/src/(eventstore-endpoint|eventstoredb)/', SPECS] },
      to: { path: npm('(@grpc|@eventstore|google-protobuf)') },
    },
    {
      name: 'stores-apart',
      comment: 'The adapter to a server knows nothing of the embedded store, nor of the endpoint that plays a server.',
      severity: 'error',
      from: { path: '^libs/event-store/src/eventstoredb/', pathNot: [SPECS, '\\.fixture\\.ts$'] },
      to: { path: '^libs/event-store/src/(sqlite|eventstore-endpoint)/' },
    },
    {
      name: 'mongodb-only-in-its-adapter',
      comment: 'The same for the database of the cluster.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/read-models/src/mongodb/', SPECS] },
      to: { path: npm('mongodb') },
    },
    {
      name: 'nest-only-at-the-edge',
      comment: 'Frameworks come and go; the language and the stores stay.',
      severity: 'error',
      from: { path: '^libs/(journey|event-store|read-models|client)/' },
      to: { path: npm('(@nestjs|fastify|rxjs)') },
    },
    {
      name: 'server-does-not-know-the-cli',
      comment: 'The command line starts the server; the server knows nothing of it.',
      severity: 'error',
      from: { path: '^apps/server/' },
      to: { path: '^apps/cli/' },
    },
    {
      name: 'no-tests-in-production',
      comment: 'Neither tests nor benchmarks are part of the product.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: SPECS },
      to: { path: ['^(test|bench)/', SPECS] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/walls/fixture/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
