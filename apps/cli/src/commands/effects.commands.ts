/** `rapport status`, `effects` and `arm`: how it stands, and who may send how far. */
import type { EffectsMode } from '@rapport/engine';
import type { EffectsView, StatusView } from '../../../server/src/index';
import { CommandFailed, EXIT, type ExitCode } from '../exit-code';
import { say } from '../output/notes';
import { formatCount, formatMoment, plural, printable, table } from '../output/table';
import { onTarget } from '../target/open-target';
import { askedBy, type ByFlags, sayDone } from './commanding';
import type { JsonFlags } from './operations.commands';

export interface EffectsFlags extends ByFlags {
  channel?: string[];
}

export function status(flags: JsonFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const view = await target.status();
    say(flags.json ? JSON.stringify(view) : statusText(view));
    return EXIT.ok;
  });
}

export function effects(mode: string | undefined, flags: EffectsFlags): Promise<ExitCode> {
  const { channel: channels } = flags;
  if (channels === undefined && mode === 'follow')
    throw new CommandFailed(EXIT.usage, 'Say which channel shall follow all of them: --channel email');
  if (channels !== undefined && mode === undefined)
    throw new CommandFailed(EXIT.usage, 'Say off, sandbox, live or follow for the channel.');
  return onTarget(flags, async (target) => {
    const view = mode === undefined ? await target.effects() : await target.setEffects(changeOf(mode, flags));
    say(flags.json ? JSON.stringify(view) : effectsText(view));
    return EXIT.ok;
  });
}

function changeOf(mode: string, flags: EffectsFlags) {
  const by = askedBy(flags);
  const set = mode === 'follow' ? null : (mode as EffectsMode);
  const { channel: channels } = flags;
  if (channels === undefined) return { by, ...(set !== null && { all: set }) };
  return { by, channels: Object.fromEntries(channels.map((name) => [name, set])) };
}

export function arm(flags: ByFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const { armed, detail, position } = await target.arm(askedBy(flags));
    if (!armed) throw new CommandFailed(EXIT.failure, `It is not armed: ${detail ?? ''}`);
    return sayDone(flags, position, 'This store is the one that sends. Effects go as far as they did: rapport effects');
  });
}

export function effectsText(view: EffectsView): string {
  const rows = Object.entries(view.channels).map(([name, { set, mode }]) => [name, set, mode]);
  return [
    `All: ${view.all} (set by ${printable(view.by)}).`,
    ...unarmedText(view),
    '',
    table(['channel', 'set', 'in fact'], rows),
    ...view.warnings.map((warning) => `NOBODY GETS ${printable(warning)}`),
    ...(view.armed && rows.some(([, set, mode]) => set !== null && set !== mode)
      ? ['', 'No channel goes further than all of them: rapport effects live']
      : []),
  ].join('\n');
}

const unarmedText = ({ detail }: EffectsView): string[] => (detail === null ? [] : [`NOT ARMED: ${detail}`]);

function statusText(view: StatusView): string {
  const { head, readModels, customers, parked, lagEvents, unavailable, clock, effects: now } = view;
  const differ = Object.entries(now.channels).filter(([, { mode }]) => mode !== now.all);
  const channels = differ.map(([name, { mode }]) => `${name} ${mode}`).join(', ');
  return [
    `${plural(customers, 'customer')}; the log ends at position ${formatCount(head)}, the read models show ${formatCount(readModels)}` +
      (lagEvents === 0 ? '.' : `, ${plural(lagEvents, 'event')} behind.`),
    ...(view.ready ? [] : ['The log is still being read.']),
    ...(unavailable
      ? [`TOUCHPOINTS ARE NOT TAKEN since ${formatMoment(unavailable.since)}: ${printable(unavailable.detail)}`]
      : []),
    ...(clock?.suspect ? [`The clock is not believed: ${printable(clock.detail)} See: rapport clock --help`] : []),
    ...(parked === 0 ? [] : [`${plural(parked, 'input')} could not be folded: rapport parked`]),
    `Effects: ${now.all}${channels === '' || !now.armed ? '' : ` (${channels})`}.`,
    ...unarmedText(now),
    dispatchText(view),
  ].join('\n');
}

function dispatchText({ dispatch }: StatusView): string {
  if (dispatch === null) return 'Dispatch: nothing is carried out here (no plays, or no server).';
  const { open, underWay, restarts, failure } = dispatch;
  const again = restarts === 0 ? '' : `, started again ${plural(restarts, 'time')}`;
  const now = `Dispatch: ${plural(open, 'action')} open, ${plural(underWay, 'attempt')} under way${again}.`;
  if (failure === null) return now;
  const { since, nextTry, detail } = failure;
  return `${now}\nDISPATCH HAS FAILED since ${formatMoment(since)} UTC, next try ${nextTry.slice(11, 19)}: ${printable(detail)}`;
}
