import { SERVICE_PURPOSE, type ChannelName, type Play, type Step } from '../play';
import { TASK_CHANNEL } from './ledger-state';

/** What a customer could be asked for, and how. */
export interface Askable {
  kind: string;
  channel: ChannelName;
  purpose: string;
}

/** Every ask of the plays, each once. */
export function askablesOf(plays: readonly Play[]): Askable[] {
  const found = new Map<string, Askable>();
  for (const { steps, purpose } of plays) {
    for (const step of withInner(steps)) {
      if (step.step !== 'act' || step.verb !== 'ask') continue;
      const askable = { kind: step.what, channel: step.by, purpose };
      found.set(JSON.stringify([step.what, step.by, purpose]), askable);
    }
  }
  return [...found.values()];
}

/** A kind that no play asks for: only the guards of asks know something about it, nothing is known of channel and purpose. */
export function askableOfKind(kind: string): Askable {
  return { kind, channel: TASK_CHANNEL, purpose: SERVICE_PURPOSE };
}

function withInner(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) =>
    step.step === 'branch' || step.step === 'split' ? step.arms.flatMap((arm) => withInner(arm.then)) : [step],
  );
}
