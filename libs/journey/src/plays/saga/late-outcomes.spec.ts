/** What somebody says of a send after the engine stopped waiting: it counts once, for what it says. */
import { checkPlayLaws } from '../../verification/naive-plays';
import { logOf } from './play-log.fixture';
import type { ActionResult } from '../play-inputs';
import {
  act,
  compiledWith,
  DAY,
  HOUR,
  lines,
  OPEN_GUARDS,
  part,
  play,
  PlayCustomer,
  START,
} from './play-customer.fixture';

const SILENT_AT = START + 2 * DAY;
const guards = { caps: [{ atMost: 1, within: 10 * DAY }] };

/** Its first send fell silent, its second waits for room. */
function silentCustomer(): PlayCustomer {
  const steps = [act('0'), act('1', { what: 'news', verb: 'tell', staleAfter: 60 * DAY })];
  const one = new PlayCustomer(compiledWith(part([play('p', steps)], guards)));
  one.command({ command: 'enrol', play: 'p' }, START);
  expect(lines(one.tick(SILENT_AT))).toEqual(['settled 0 silent', 'withheld 1 cap, wait']);
  return one;
}

describe('an outcome that comes after the silence', () => {
  it.each<ActionResult>(['failed', 'expired', 'withdrawn'])('%s gives its place back', (result) => {
    const one = silentCustomer();
    expect(lines(one.outcome(result, SILENT_AT + HOUR))).toEqual(['requested 1 tell news round 0']);
    expect(one.state.plays?.ledger?.contacts).toEqual([]);
    expect(checkPlayLaws(part([play('p', [act('0'), act('1')])], guards), 'UTC', logOf(one))).toEqual([]);
  });

  it('delivered takes its place, at its true time', () => {
    const one = silentCustomer();
    one.live({ ...one.outcomeOf('delivered'), occurredAt: START + HOUR }, SILENT_AT + HOUR);
    expect(one.state.plays?.ledger?.contacts.map(({ at }) => at)).toEqual([START + HOUR]);
    expect(lines(one.tick(START + HOUR + 10 * DAY + 1))).toEqual(['requested 1 tell news round 0']);
  });

  it('in doubt says nothing new', () => {
    const one = silentCustomer();
    expect(lines(one.outcome('in-doubt', SILENT_AT + HOUR))).toEqual([]);
    expect(one.state.plays?.actions.map(({ phase }) => phase)).toEqual(['silent']);
  });
});

it('an ask that fell silent is open, as if it had been made as late as it could', () => {
  const ask = (path: string) => act(path, { verb: 'ask', what: 'review', staleAfter: 60 * DAY });
  const plays = part([play('p', [act('0'), ask('1'), ask('2')])]);
  const one = new PlayCustomer(compiledWith(plays));
  one.command({ command: 'enrol', play: 'p' }, START);
  one.outcome('delivered', START);
  const asked = one.plays.find((each) => each.type === 'ActionRequested' && each.verb === 'ask');
  one.tick(START + 2 * DAY);
  const [withheld] = one.plays.slice(-1);
  const sendBefore = asked?.type === 'ActionRequested' ? asked.sendBefore : NaN;
  expect(withheld).toMatchObject({ type: 'ActionWithheld', reason: 'openAsk', until: sendBefore + 30 * DAY + 1 });
  expect(checkPlayLaws(plays, 'UTC', logOf(one))).toEqual([]);
});

it.each([
  ['before it was asked for', START - 400 * DAY, START],
  ['in the future', START + 400 * DAY, START + 3 * HOUR],
])('a person who says it was sent %s is taken at what is possible', (_, at, sentAt) => {
  const one = new PlayCustomer(compiledWith(part([play('p', [act('0'), act('1', { staleAfter: 60 * DAY })])], guards)));
  one.command({ command: 'enrol', play: 'p' }, START);
  one.outcome('in-doubt', START + HOUR);
  const { action } = one.state.plays!.actions[0]!;
  const [settled, withheld] = one.command(
    { command: 'resolve', action, delivered: true, at, reason: 'seen' },
    START + 3 * HOUR,
  );
  expect(settled).toMatchObject({ type: 'ActionSettled', result: 'delivered', sentAt });
  expect(withheld).toMatchObject({ reason: 'cap', until: sentAt + 10 * DAY + 1 });
});

it('an ask that fell silent is remembered for as long as it counts, however much falls silent after it', () => {
  const asks = play('asks', [act('0', { verb: 'ask', what: 'review' })], { again: 'always' });
  const tells = play('tells', [act('0', { verb: 'tell', what: 'news' })]);
  const limits = { caps: [{ atMost: 1, within: 5 * DAY }], asks: { ...OPEN_GUARDS.asks, atMost: 1, cooldown: DAY } };
  const one = new PlayCustomer(compiledWith(part([asks, tells], limits)));
  one.live({ type: 'thanks.sent', direction: 'outbound', channel: 'phone' }, START);
  one.command({ command: 'enrol', play: 'asks' }, START + 6 * DAY);
  for (let day = 14; day < 180; day += 8) {
    one.tick(START + day * DAY);
    one.command({ command: 'enrol', play: 'tells' }, START + day * DAY);
    one.command({ command: 'enrol', play: 'asks' }, START + day * DAY + 1);
    expect(one.state.plays?.actions.length).toBeLessThan(4);
  }
  const requested = lines(one.plays).filter((line) => line.startsWith('requested'));
  expect(requested.filter((line) => line.includes('ask'))).toHaveLength(1);
  expect(requested.length).toBeGreaterThan(20);
});
