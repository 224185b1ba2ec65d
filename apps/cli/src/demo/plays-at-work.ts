/** What plays have done with the moments of the demo: messages, tasks, and what was withheld and why. */
import { type Feed, type RapportEngine, readDecision } from '@rapport/engine';
import { type ActionWithheld, playSentence } from '@rapport/journey';
import type { ActionItem, ActionsAnswer } from '../commands/play-answers.types';
import { type InboxMessage, messagesIn } from '../inbox/inbox-files';
import { pause, type Target } from '../target/target';

export interface Withheld {
  customerId: string;
  play: string;
  reason: string;
  sentence: string;
  /** It is looked at again then; null = only news can tell, or never. */
  until: string | null;
}

export interface PlaysAtWork {
  moments: number;
  inbox: { url: string; messages: (InboxMessage & { play: string })[] };
  tasks: ActionItem[];
  withheld: Withheld[];
}

const PAGE = 100;
const LOOK_MS = 50;
/** How long it waits for messages that are on their way. */
const DELIVERY_WAIT_MS_MAX = 10_000;

/** Follows the log from here on: what is withheld stands there. */
export class WithheldWatch {
  private readonly all: Withheld[] = [];
  private readonly feed: Feed;

  constructor(engine: RapportEngine) {
    this.feed = engine.feed({
      from: engine.status().head,
      filter: { streamPrefixes: ['journey-'], types: ['ActionWithheld'] },
      deliver: ({ type, subject, data }) => {
        this.take(subject ?? '', readDecision(type, Buffer.from(data).toString('utf8')) as ActionWithheld);
        return true;
      },
      ended: () => undefined,
    });
  }

  /** The newest for each customer and play, in the order in which they came. */
  end(): Withheld[] {
    this.feed.close();
    const newest = new Map(this.all.map((one) => [`${one.customerId} ${one.play}`, one]));
    return [...newest.values()];
  }

  private take(customerId: string, withheld: ActionWithheld): void {
    const { play, reason, until } = withheld;
    const again = until === null ? null : new Date(until).toISOString();
    this.all.push({ customerId, play, reason, until: again, sentence: playSentence(withheld) });
  }
}

/** Resolves when everything that may be sent now is sent. */
export async function untilDelivered(target: Target, signal: AbortSignal): Promise<void> {
  const until = performance.now() + DELIVERY_WAIT_MS_MAX;
  while (performance.now() < until && !signal.aborted) {
    const { lagEvents, readModels, head } = await target.status();
    const open = await actions(target, ['email', 'survey']);
    if (open.length === 0 && lagEvents === 0 && readModels === head) return;
    await pause(LOOK_MS);
  }
}

export async function playsAtWork(
  target: Target,
  inbox: { url: string; data: string },
  moments: number,
  withheld: Withheld[],
): Promise<PlaysAtWork> {
  const tasks = await actions(target, ['task']);
  const messages = [];
  for (const message of messagesIn(inbox.data)) messages.push({ ...message, play: await playOf(target, message) });
  return { moments, inbox: { url: inbox.url, messages }, tasks, withheld };
}

async function actions(target: Target, channel: string[]): Promise<ActionItem[]> {
  const { json } = await target.query({ name: 'actions', params: { state: ['requested'], channel, limit: PAGE } });
  return (JSON.parse(json) as ActionsAnswer).items;
}

async function playOf(target: Target, { action }: InboxMessage): Promise<string> {
  const answer = await target.query({ name: 'action', params: { action } });
  return answer.found ? (JSON.parse(answer.json) as ActionItem).play : '';
}
