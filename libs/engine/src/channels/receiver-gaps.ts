/** What plays send and nobody would get, as the configuration stands: no fault, for receivers may be configured later. */
import { type ActStep, allSteps, type PlaysPart } from '@rapport/journey';
import type { ChannelOptions } from './registry';
import { DEFAULT_DESTINATION } from './webhook.channel';

export interface ReceiverGap {
  channel: string;
  /** `name`: a destination that a play or a team names. `server`: the channel as a whole, which the sandbox does not need. */
  lacks: 'name' | 'server';
  problem: string;
  mend: string;
}

/** One for each name, and one for each channel that has no server; by channel, in the order of the document. */
export function receiverGaps(part: PlaysPart | undefined, options: ChannelOptions): ReceiverGap[] {
  if (!part) return [];
  const acts = part.plays.flatMap(({ name: play, steps }) =>
    allSteps(steps).flatMap((step) => (step.step === 'act' ? [{ ...step, play }] : [])),
  );
  const found = [...acts.flatMap((act) => gapOf(act, options)), ...teamsUntold(part, options)];
  const byProblem = new Map(found.map((gap) => [gap.problem, gap]));
  return [...byProblem.values()];
}

function gapOf({ by, what, team, play }: ActStep & { play: string }, options: ChannelOptions): ReceiverGap[] {
  if ((by === 'email' || by === 'survey') && !options.email.server) {
    const problem = `plays send by ${by}, and no SMTP server is configured: live, nobody gets that`;
    return [{ channel: by, lacks: 'server', problem, mend: 'set SMTP_HOST and SMTP_FROM' }];
  }
  if (by !== 'webhook' && by !== 'chat') return [];
  const { destinations } = options[by];
  const names = [...(by === 'chat' && team !== undefined ? [team] : []), what];
  if ([...names, DEFAULT_DESTINATION].some((name) => Object.hasOwn(destinations, name))) return [];
  const named = names.map((name) => `"${name}"`).join(' or ');
  const problem = `the play ${play} sends by ${by} to ${named}, and neither that nor "${DEFAULT_DESTINATION}" is configured`;
  return [{ channel: by, lacks: 'name', problem, mend: `name it in ${SETTING[by]}` }];
}

const SETTING = { webhook: 'RAPPORT_WEBHOOKS', chat: 'RAPPORT_CHATS' } as const;

function teamsUntold({ teams }: PlaysPart, options: ChannelOptions): ReceiverGap[] {
  return teams.flatMap(({ name, notify }): ReceiverGap[] => {
    if (notify === undefined || Object.hasOwn(options.webhook.destinations, notify)) return [];
    const problem = `the team ${name} wants to be told of tasks at "${notify}", which is not configured: they only stand in its queue`;
    const mend = `name it in ${SETTING.webhook}, or take "notify" out of the team`;
    return [{ channel: 'task', lacks: 'name', problem, mend }];
  });
}
