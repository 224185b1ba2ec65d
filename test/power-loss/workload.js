/**
 * One session of the power-loss workload, run under strace: opens the store as a server does, commits the planned groups, prints each acknowledgement, and ends by closing or
 * by killing itself. Plain JavaScript, for it runs outside of Jest.
 *
 *     node workload.js <built event store> <folder> <plan.json> <session>
 */
const { readFileSync, writeSync } = require('node:fs');

const [library, folder, planFile, session] = process.argv.slice(2);
const { RunningLog, pack } = require(library);
const plan = JSON.parse(readFileSync(planFile, 'utf8'));
const steps = plan.sessions[Number(session)].steps;

function requestOf({ stream, events }) {
  const made = events.map(({ id, text }) => ({
    id: Buffer.from(id, 'hex'),
    type: 'Planned',
    schemaVersion: 1,
    occurredAt: 1,
    data: Buffer.from(text),
  }));
  return { stream, expected: 'any', events: pack(made) };
}

function acknowledge(position) {
  writeSync(1, `acknowledged ${position}\n`);
}

const log = new RunningLog({ folder, now: () => 1_700_000_000_000, unsafe: plan.unsafe });
for (const step of steps) {
  if (plan.acknowledgeFirst && step.kind === 'commit') acknowledge(step.lastPosition);
  if (step.kind === 'commit') {
    const results = log.writer.commit(step.requests.map(requestOf));
    if (results.some((result) => !result.ok)) throw new Error(JSON.stringify(results));
    if (!plan.acknowledgeFirst) acknowledge(log.writer.head.position);
    log.writer.maintain();
  } else if (step.kind === 'saveHead') {
    log.saveHead();
  } else {
    process.kill(process.pid, 'SIGKILL');
  }
}
log.close();
