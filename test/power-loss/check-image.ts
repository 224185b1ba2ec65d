/** Starts the store on an image as a server would, and compares what it holds with what was acknowledged. */
import { openLogReader, pack, RunningLog, unpack } from '@rapport/event-store';

import { describeEvent, type Plan } from './plan';

/** What is wrong; undefined = nothing. */
export function checkImage(folder: string, plan: Plan, acknowledged: number): string | undefined {
  let log: RunningLog | undefined;
  try {
    log = new RunningLog({ folder });
    return compare(folder, plan, acknowledged) ?? goesOn(log);
  } catch (error) {
    return `the store does not start: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    log?.close();
  }
}

function goesOn(log: RunningLog): string | undefined {
  const events = pack([
    { id: Buffer.alloc(16), type: 'Next', schemaVersion: 1, occurredAt: 1, data: Buffer.from('next') },
  ]);
  const { position } = log.writer.head;
  const [result] = log.writer.commit([{ stream: 'journey-00', expected: 'any', events }]);
  return result?.ok && result.firstPosition === position + 1
    ? undefined
    : `the store does not go on: ${JSON.stringify(result)}`;
}

function compare(folder: string, plan: Plan, acknowledged: number): string | undefined {
  const reader = openLogReader(folder);
  try {
    const [problem] = reader.verify().problems;
    if (problem !== undefined) return `verification: ${problem}`;
    const events = reader.chunks(0, Infinity).flatMap((chunk) => unpack(chunk));
    for (const [i, event] of events.entries()) {
      const found = describeEvent(event.stream, {
        id: Buffer.from(event.id).toString('hex'),
        text: Buffer.from(event.data).toString(),
      });
      if (event.position !== i + 1) return `position ${event.position} stands where ${i + 1} should`;
      if (found !== plan.expected[i])
        return `position ${i + 1} holds something else than was sent: ${found.slice(0, 100)}`;
    }
    if (events.length < acknowledged)
      return `${acknowledged - events.length} acknowledged events are missing: ${events.length} of ${acknowledged}`;
    if (!plan.boundaries.includes(events.length)) return `the log ends inside of a commit group, at ${events.length}`;
    const next = plan.boundaries.find((end) => end > acknowledged) ?? acknowledged;
    if (events.length > next) return `${events.length} events, but only ${next} were sent before the cut`;
    return undefined;
  } finally {
    reader.close();
  }
}
