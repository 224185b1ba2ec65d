/** `rapport plays`, `enrol`, `stop` and `channels`: plays with what became of them, and what people do with them. */
import { CommandFailed, EXIT, type ExitCode } from '../exit-code';
import { say } from '../output/notes';
import { formatMoment, printable, table } from '../output/table';
import { onTarget } from '../target/open-target';
import type { Pause } from '../target/target';
import { askedBy, type ByFlags, commanded, sayDone } from './commanding';
import type { JsonFlags } from './operations.commands';
import type { PlayAnswer, PlayItem, PlaysAnswer } from './play-answers.types';

export function plays(flags: JsonFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const answer = await target.query({ name: 'plays', params: {} });
    say(flags.json ? answer.json : playsText(JSON.parse(answer.json) as PlaysAnswer));
    return EXIT.ok;
  });
}

function playsText({ items, position, asOf }: PlaysAnswer): string {
  const end = `As of position ${position} (${formatMoment(asOf)} UTC).`;
  if (items.length === 0) return `The definition has no plays. ${end}`;
  const header = ['play', 'entered', 'waiting', 'completed', 'converted', 'withheld', 'held out', 'state'];
  const rows = items.map((item) => [
    item.play,
    item.entered,
    item.waiting,
    item.completed,
    item.converted,
    sum(item.withheld),
    item.heldOut.entered,
    item.paused ? 'paused' : item.gone ? 'gone' : 'on',
  ]);
  return [table(header, rows), end].join('\n');
}

export function showPlay(play: string, flags: JsonFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const answer = await target.query({ name: 'play', params: { play } });
    if (!answer.found)
      throw new CommandFailed(EXIT.notFound, `There is no play ${JSON.stringify(play)}. See: rapport plays`);
    say(flags.json ? answer.json : playText(JSON.parse(answer.json) as PlayAnswer));
    return EXIT.ok;
  });
}

function playText(play: PlayAnswer): string {
  const arms: [string, PlayItem | PlayItem['heldOut']][] = [
    ['acted on', play],
    ['held out', play.heldOut],
  ];
  const rows = arms.map(([arm, counts]) => [
    arm,
    counts.entered,
    counts.waiting,
    counts.completed,
    counts.converted,
    reasons(counts.exited),
    reasons(counts.withheld),
  ]);
  const header = ['', 'entered', 'waiting', 'completed', 'converted', 'exited', 'withheld'];
  return [
    `${printable(play.play)}${play.paused ? ' (paused)' : ''}: ${printable(play.why ?? 'no longer in the definition')}`,
    '',
    table(header, rows),
    '',
    comparisonText(play),
    `As of position ${play.position} (${formatMoment(play.asOf)} UTC).`,
  ].join('\n');
}

function comparisonText({ comparison }: PlayItem): string {
  if (comparison === null) return 'No comparison with the holdout: one of the two groups is empty.';
  const { actedOn, heldOut, difference, low, high } = comparison;
  return (
    `Converted: ${actedOn.converted} of ${actedOn.entered} acted on, ${heldOut.converted} of ${heldOut.entered} held out; ` +
    `difference ${points(difference)} (95 %: ${points(low)} to ${points(high)}).`
  );
}

const points = (share: number): string => `${(100 * share).toFixed(1)} points`;
const sum = (counts: { [reason: string]: number }): number => Object.values(counts).reduce((all, one) => all + one, 0);
const reasons = (counts: { [reason: string]: number }): string =>
  Object.entries(counts)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ') || '-';

export function pausing(pause: Omit<Pause, 'by'>, flags: ByFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const position = await target.pause({ ...pause, by: askedBy(flags) });
    const verb = pause.paused ? 'is paused' : 'goes on';
    return sayDone(flags, position, `The ${pause.what} ${printable(pause.name)} ${verb}`);
  });
}

export function channels(flags: JsonFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const now = await target.channels();
    const state = { true: 'paused', false: 'on', null: 'nothing is carried out here' };
    const rows = now.items.map(({ channel, paused, effects }) => [channel, state[`${paused}`], effects]);
    say(flags.json ? JSON.stringify(now) : table(['channel', 'state', 'effects'], rows));
    return EXIT.ok;
  });
}

export function enrol(customerId: string, play: string, flags: ByFlags & { override?: boolean }): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const { override } = flags;
    const position = await target.command({ ...commanded(flags), command: 'enrol', play, override }, customerId);
    return sayDone(flags, position, `${printable(customerId)} is enrolled in ${printable(play)}`);
  });
}

export function stop(customerId: string, play: string, flags: ByFlags & { reason: string }): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const { reason } = flags;
    const position = await target.command({ ...commanded(flags), command: 'stop', play, reason }, customerId);
    return sayDone(flags, position, `${printable(play)} is stopped for ${printable(customerId)}`);
  });
}
