/** The parent's side of the load generator: start it, tell it the plan, wait for its figures. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { LoadMessage, LoadPlan, LoadResult } from './load-plan';

export function makeLoad(plan: LoadPlan): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, 'load-generator.js'), { execArgv: [] });
    let message: LoadMessage | undefined;
    child.once('message', (said: LoadMessage) => (message = said));
    child.once('error', reject);
    // The answer counts once the process is gone: its processor time is then part of ours.
    child.once('exit', (code) => {
      if (message?.kind === 'done') resolve(message.result);
      else reject(new Error(`The load generator failed: ${message?.message ?? `exit code ${code}`}`));
    });
    child.send(plan);
  });
}

/** Throws where the server did not take everything: such a run measures something else. */
export function mustBeWhole(result: LoadResult, expected: number): void {
  if (result.accepted === expected) return;
  const { accepted, rejected, refused, odd, oddExample } = result;
  throw new Error(
    `Of ${expected} touchpoints ${accepted} were accepted, ${rejected} rejected; ${refused} requests were refused, ` +
      `${odd} answered otherwise${oddExample === undefined ? '' : `: ${oddExample}`}.`,
  );
}
