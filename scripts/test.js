/**
 * `npm test`: everything that CI runs except the benchmarks. Each check counts as one test; Jest counts its own.
 * The last line is `N passed, N failed` (and `, N skipped` where something was); the exit code is 0 only if nothing failed.
 */
const { spawnSync } = require('node:child_process');
const { existsSync, mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const root = join(__dirname, '..');
const JEST_LIMIT_MINUTES = 8;
const CHECK_LIMIT_MINUTES = 3;
/** Jest's own 5 s are too few on a busy machine; a test that hangs is still found. */
const TEST_LIMIT_MS = 30_000;
const bin = (path) => join(root, 'node_modules', path);

/** Checks before the tests: a name, and what to run. The build comes before Jest, for its tests start the built program. */
const CHECKS = [
  ['type check', [bin('typescript-native/bin/tsc'), '-p', 'tsconfig.json', '--noEmit']],
  ['build', ['npm', 'run', '--silent', 'build']],
  ['lint', [bin('eslint/bin/eslint.js'), '.']],
  ['format', [bin('prettier/bin/prettier.cjs'), '--check', '.', '--log-level', 'warn']],
  ['unused code', [bin('knip/bin/knip.js'), '--no-progress', '--no-config-hints']],
];

/** Unit tests side by side; what starts whole servers one after the other, so that they do not starve each other. */
const JEST_RUNS = [
  ['unit tests', ['--testPathPatterns=\\.spec\\.ts$', '--maxWorkers=2']],
  ['end to end', ['--testPathPatterns=\\.e2e-spec\\.ts$', '--runInBand']],
];

const totals = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

function run(command, limitMinutes) {
  const [program, args] = command[0] === 'npm' ? ['npm', command.slice(1)] : [process.execPath, command];
  const started = Date.now();
  const result = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    timeout: limitMinutes * 60_000,
    killSignal: 'SIGKILL',
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  const timedOut = result.error?.code === 'ETIMEDOUT';
  const why = timedOut
    ? `stopped after ${limitMinutes} minutes`
    : (result.error?.message ?? `exit code ${result.status}`);
  return { ok: result.status === 0, seconds, why };
}

function check(name, command) {
  console.log(`\n== ${name}`);
  const { ok, seconds, why } = run(command, CHECK_LIMIT_MINUTES);
  console.log(`== ${name}: ${ok ? 'ok' : `FAILED (${why})`} in ${seconds} s`);
  totals[ok ? 'passed' : 'failed'] += 1;
  if (!ok) failures.push(`${name}: ${why}`);
  return ok;
}

function countSuite(suite) {
  const file = suite.name.slice(root.length + 1);
  // A file that did not even load has no tests to count, and must not look like a success.
  if (suite.status === 'failed' && suite.assertionResults.every((test) => test.status !== 'failed')) {
    totals.failed += 1;
    failures.push(`${file}: the file could not be run`);
  }
  for (const test of suite.assertionResults) {
    if (test.status === 'passed') totals.passed += 1;
    else if (test.status === 'failed') {
      totals.failed += 1;
      failures.push(`${file}: ${test.fullName}`);
    } else {
      totals.skipped += 1;
      console.log(`skipped: ${test.fullName} (${file})`);
    }
  }
}

function jest(name, args, folder) {
  console.log(`\n== ${name}`);
  const report = join(folder, `${name.replaceAll(' ', '-')}.json`);
  const command = [
    bin('jest/bin/jest.js'),
    '--json',
    `--outputFile=${report}`,
    '--passWithNoTests',
    `--testTimeout=${TEST_LIMIT_MS}`,
    ...args,
  ];
  const { ok, seconds, why } = run(command, JEST_LIMIT_MINUTES);
  const failedBefore = totals.failed;
  if (existsSync(report)) JSON.parse(readFileSync(report, 'utf8')).testResults.forEach(countSuite);
  if (!ok && totals.failed === failedBefore) {
    totals.failed += 1;
    failures.push(`${name}: ${why}`);
  }
  console.log(`== ${name}: ${ok ? 'ok' : 'FAILED'} in ${seconds} s`);
}

/** Which servers the suites of adapters ran on: what passes only on our own, or on a stand-in, is not proven. */
function serversUsed() {
  const { EVENTSTORE_URL, MONGODB_URL } = process.env;
  const shown = (url) => url.replace(/\/\/[^/@]*@/, '//');
  return [
    EVENTSTORE_URL
      ? `EventStoreDB suites: on the server at ${shown(EVENTSTORE_URL)}`
      : 'EventStoreDB suites: on our own protocol endpoint, no real server (set EVENTSTORE_URL for one)',
    MONGODB_URL
      ? `MongoDB suites: on the server at ${shown(MONGODB_URL)}`
      : 'MongoDB suites: on secantusd-py, a stand-in (set MONGODB_URL for a real server)',
  ];
}

function main() {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-test-'));
  try {
    const results = new Map(CHECKS.map(([name, command]) => [name, check(name, command)]));
    if (!results.get('build')) console.log('The build failed: tests that start the built program will fail too.');
    for (const [name, args] of JEST_RUNS) jest(name, args, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((line) => `  ${line}`).join('\n')}`);
  for (const line of serversUsed()) console.log(line);
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  console.log(`\n${totals.passed} passed, ${totals.failed} failed${skipped}`);
  process.exitCode = totals.failed > 0 ? 1 : 0;
}

main();
