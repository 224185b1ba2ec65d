/**
 * `npm run conformance -- --eventstore <connection string> --mongodb <connection string> [--quick]`: runs the contract suites, and the faults that a
 * client can cause, against given servers, measures, and says in words what came of it. The exit code is 0 only if all of it holds. Without a server it
 * runs on our own endpoint and on a stand-in for MongoDB, which proves the adapters and nothing about a server.
 */
const { spawnSync } = require('node:child_process');
const { existsSync, mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { parseArgs } = require('node:util');

const MONGODB = require('./conformance-mongodb');

const root = join(__dirname, '..');
const SUITES_MINUTES = 15;
const FIGURES_MINUTES = 10;
/** A server on another machine, or a busy one, answers later than a file. */
const TEST_LIMIT_MS = 120_000;
/** Lines that are shown of what Jest said when it ended without a report. */
const WORDS_OF_A_CRASH = 20;

/**
 * One for each kind of server. `suites`: what Jest runs, in words and as paths. `bench`: what `npm run bench --only` measures. Both find the server in the
 * environment, under `variable`.
 */
const KINDS = [
  {
    option: 'eventstore',
    title: 'EventStoreDB / KurrentDB',
    variable: 'EVENTSTORE_URL',
    substitute: 'the protocol endpoint over an embedded store',
    suites: [
      ['the event store contract', 'libs/event-store/src/eventstoredb/eventstoredb-contract.spec.ts'],
      ['what the adapter adds to it', 'libs/event-store/src/eventstoredb/specs/eventstoredb-event-store.spec.ts'],
      ['appends under faults', 'libs/event-store/src/eventstoredb/specs/append-faults.spec.ts', needsPlainTcp],
      [
        'reads and subscriptions under faults',
        'libs/event-store/src/eventstoredb/specs/reading-faults.spec.ts',
        needsPlainTcp,
      ],
    ],
    bench: 'event-store-adapter',
  },
  MONGODB,
];

/** The faults are made by a proxy, which cannot look into TLS nor stand before several nodes. */
function needsPlainTcp(url) {
  const plain = /^esdb:\/\/[^,?]*\?(.*&)?tls=false/.test(url);
  return plain ? undefined : 'left out: the proxy that makes the faults needs one node without TLS';
}

const withoutSecrets = (url) => url.replace(/\/\/[^/@]*@/, '//');

function readOptions() {
  const options = { quick: { type: 'boolean', default: false } };
  for (const kind of KINDS) options[kind.option] = { type: 'string' };
  return parseArgs({ options }).values;
}

function runSuite(path, environment, folder) {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const args = [
    '--json',
    `--outputFile=${report}`,
    '--maxWorkers=1',
    '--forceExit',
    `--testTimeout=${TEST_LIMIT_MS}`,
    path,
  ];
  const { stderr } = spawnSync(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...args], {
    ...{ cwd: root, env: environment, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' },
    ...{ timeout: SUITES_MINUTES * 60_000, killSignal: 'SIGKILL' },
  });
  if (!existsSync(report)) {
    console.log(stderr.split('\n').slice(-WORDS_OF_A_CRASH).join('\n'));
    return { passed: 0, failed: [`${path}: it crashed, or did not end within ${SUITES_MINUTES} minutes`] };
  }
  const tests = JSON.parse(readFileSync(report, 'utf8')).testResults;
  const all = tests.flatMap((suite) => suite.assertionResults);
  const failed = all.filter((test) => test.status === 'failed').map((test) => `${test.fullName}: ${firstLine(test)}`);
  const broken = tests.filter((suite) => suite.status === 'failed' && suite.assertionResults.length === 0);
  return {
    passed: all.filter((test) => test.status === 'passed').length,
    failed: [...failed, ...broken.map((suite) => `${suite.name}: ${firstLine({ failureMessages: [suite.message] })}`)],
  };
}

function firstLine(test) {
  return (test.failureMessages?.[0] ?? '').split('\n').find((line) => line.trim() !== '') ?? 'no reason was given';
}

function runFigures(kind, environment, quick) {
  const args = [join(root, 'dist/bench/src/main.js'), '--only', kind.bench, ...(quick ? ['--quick'] : [])];
  const { status } = spawnSync(process.execPath, args, {
    ...{ cwd: root, env: environment, stdio: 'inherit' },
    ...{ timeout: FIGURES_MINUTES * 60_000, killSignal: 'SIGKILL' },
  });
  return status === 0;
}

function conform(kind, url, quick, folder) {
  const environment = { ...process.env };
  if (url === undefined) delete environment[kind.variable];
  else environment[kind.variable] = url;
  const on = url === undefined ? `${kind.substitute} (this proves nothing about a real server)` : withoutSecrets(url);
  console.log(`\n${kind.title}, on ${on}`);
  let holds = true;
  for (const [title, path, unfit] of kind.suites) {
    const why = url === undefined ? undefined : unfit?.(url);
    if (why !== undefined) {
      console.log(`  ${title}: ${why}.`);
      continue;
    }
    const { passed, failed } = runSuite(path, environment, folder);
    holds &&= failed.length === 0;
    console.log(
      `  ${title}: ${failed.length === 0 ? `all ${passed} hold` : `${passed} hold, ${failed.length} do not`}.`,
    );
    for (const line of failed) console.log(`    - ${line}`);
  }
  const measured = runFigures(kind, environment, quick);
  console.log(`  The figures ${measured ? 'are above' : 'could not be taken'}.`);
  return holds && measured;
}

function main() {
  const values = readOptions();
  const built = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (built.status !== 0) throw new Error('The build failed.');
  const asked = KINDS.filter((kind) => values[kind.option] !== undefined);
  const folder = mkdtempSync(join(tmpdir(), 'rapport-conformance-'));
  try {
    const kinds = asked.length > 0 ? asked : KINDS;
    const outcomes = kinds.map((kind) => ({ kind, holds: conform(kind, values[kind.option], values.quick, folder) }));
    console.log('');
    for (const { kind, holds } of outcomes) {
      const on = values[kind.option] === undefined ? kind.substitute : withoutSecrets(values[kind.option]);
      console.log(`${kind.title} on ${on}: ${holds ? 'everything that was run holds' : 'NOT everything holds'}.`);
    }
    process.exitCode = outcomes.every(({ holds }) => holds) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main();
