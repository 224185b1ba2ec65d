/** The commands about plays against a served API with a fake engine behind it: what is asked, what is shown, how it ends. */
import type { FakeServer } from '../http/fake-server';
import { startFake } from '../http/fake-server';
import { Sandbox } from './rapport-process';

jest.setTimeout(60_000);

let fake: FakeServer;
const box = new Sandbox();
beforeAll(async () => {
  fake = await startFake();
});
afterAll(() => Promise.all([fake.stop(), box.end()]));
beforeEach(() => {
  fake.engine.asked.length = 0;
  fake.engine.commands.length = 0;
  fake.engine.paused.length = 0;
  fake.engine.commandAnswer = undefined;
  fake.engine.answers = () => ({ json: '{"customerId":"anna"}' });
});

async function rapport(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { code, stdout, stderr } = await box.run(...args, '--server', fake.server.url);
  return { code, out: stdout, err: stderr };
}

const END = { position: 7, asOf: '2026-03-04T10:11:12.345Z' };
const COUNTS = { entered: 4, waiting: 1, completed: 2, converted: 1, exited: { completed: 2 }, withheld: { cap: 3 } };
const PLAY = {
  ...{ play: 'welcome', why: 'who comes is greeted', paused: true, ...COUNTS, heldOut: { ...COUNTS, entered: 2 } },
  comparison: {
    ...{ difference: 0.25, low: -0.1, high: 0.5 },
    ...{ actedOn: { entered: 4, converted: 2 }, heldOut: { entered: 2, converted: 0 } },
  },
};
const TASK = {
  ...{ action: 'a1', customerId: 'anna', play: 'sorry', verb: 'task', what: 'call-back', channel: 'task' },
  ...{ state: 'requested', reason: '', requestedAt: END.asOf, attempts: 0 },
  task: { team: 'support', assignee: null, claimedUntil: null, slaDue: '2026-03-05T12:00:00.000Z' },
};

describe('questions', () => {
  const answers = (body: object): void =>
    void (fake.engine.answers = () => ({ json: JSON.stringify({ ...body, ...END }) }));

  it('plays lists them, and shows one against its holdout', async () => {
    answers({ items: [PLAY] });
    const list = await rapport('plays');
    expect(list.code).toBe(0);
    expect(list.out).toMatch(/welcome +4 +1 +2 +1 +3 +2 +paused\nAs of position 7/);
    answers(PLAY);
    const one = await rapport('plays', 'show', 'welcome');
    expect(one.out).toContain(
      '2 of 4 acted on, 0 of 2 held out; difference 25.0 points (95 %: -10.0 points to 50.0 points)',
    );
  });

  it('answers in JSON what the API answers, byte for byte', async () => {
    answers({ items: [PLAY] });
    expect((await rapport('plays', '--json')).out).toBe(`${JSON.stringify({ items: [PLAY], ...END })}\n`);
  });

  it('tasks lists those that wait, actions those of any state', async () => {
    answers({ items: [TASK], nextCursor: 'next' });
    const { out } = await rapport('tasks', '--team', 'support');
    expect(out).toMatch(
      /a1 +anna +sorry +task call-back +task +requested .* support +2026-03-05 12:00 +-\nMore: --cursor next/,
    );
    await rapport('actions', '--state', 'failed', '--channel', 'email', '--customer', 'anna');
    expect(fake.engine.asked).toEqual([
      { name: 'actions', params: { state: ['requested'], channel: ['task'], team: 'support', limit: 50 } },
      { name: 'actions', params: { state: ['failed'], channel: ['email'], customerId: 'anna', limit: 50 } },
    ]);
  });

  it('actions show says why it was allowed and what was tried', async () => {
    const evidence = [{ condition: 'at most 2 within 7d', holds: true, value: 0 }];
    const events = [{ type: 'AttemptEnded', recordedAt: END.asOf, result: 'retry', detail: '503' }];
    answers({ ...TASK, sentence: 'sorry: the task', evidence, events });
    const { out } = await rapport('actions', 'show', 'a1');
    expect(out).toContain('holds  at most 2 within 7d: 0');
    expect(out).toContain('2026-03-04 10:11  AttemptEnded retry 503');
  });

  const DECISION = {
    ...{ id: '6', position: 6, customerId: 'anna', type: 'ActionWithheld', recordedAt: END.asOf },
    sentence: 'welcome withheld give thanks: quiet hours until tomorrow',
  };

  it('decisions says each with its place, by type and customer', async () => {
    answers({ items: [DECISION], nextCursor: 'n1' });
    const { code, out } = await rapport('decisions', '--customer', 'anna', '--type', 'ActionWithheld', '--limit', '3');
    expect([code, out]).toEqual([0, expect.stringMatching(/^6 .* anna +ActionWithheld: welcome withheld/)]);
    const params = { customerId: 'anna', type: ['ActionWithheld'], limit: 3 };
    expect(fake.engine.asked).toMatchObject([{ name: 'decisions', params }]);
  });

  it('channels lists each, whether it is paused and how far it goes', async () => {
    const { code, out } = await rapport('channels');
    expect([code, out]).toEqual([0, expect.stringMatching(/email +\S.* +sandbox/)]);
  });

  it('why ends with what plays did last', async () => {
    const since = END.asOf;
    const stage = { customerId: 'anna', stage: 'lead', since, sentence: 'a first touchpoint', rungs: [] };
    const why = { ...stage, engagement: { value: 'active', since, sentence: 'in touch' } };
    const visit = { kind: 'touchpoint', type: 'page.viewed', occurredAt: since };
    fake.engine.answers = ({ name }) => ({
      json: JSON.stringify({
        ...(name === 'why' ? why : { items: [visit, { kind: 'play', at: since, ...DECISION }] }),
        ...END,
      }),
    });
    const { code, out } = await rapport('why', 'anna');
    expect([code, out]).toEqual([0, expect.stringMatching(/What plays did last:\n.*quiet hours until tomorrow/)]);
  });

  it('why-not gives every reason', async () => {
    const reasons = [{ reason: 'cap', detail: 'at most 2 within 7d: 2', until: '2026-03-09T08:00:00.000Z' }];
    const later = { verb: 'ask', what: 'review', channel: 'email', reasons: [{ reason: 'giveFirst' }] };
    const ahead = [
      { ...later, step: '0', reasons },
      { ...later, step: '1' },
    ];
    answers({ customerId: 'anna', play: 'welcome', now: false, reasons, ahead, lastWithheld: null });
    const { out } = await rapport('why-not', 'anna', 'welcome');
    expect(out).toContain('welcome does not act for anna now:\n  cap: at most 2 within 7d: 2 (until 2026-03-09 08:00)');
    expect(out).toContain('Later, step 1 (ask review by email): held today by giveFirst.');
  });

  it('ledger says whom to ask next, and enrolments where they stand', async () => {
    const sums = {
      asked: 3,
      answered: 1,
      declined: 1,
      unanswered: 1,
      given: 2,
      received: 4,
      answerRate: 0.25,
      driver: null,
    };
    const next = [
      {
        kind: 'review',
        rate: 0.2,
        eligibleAt: '2026-04-01T00:00:00.000Z',
        whyNot: [{ reason: 'cooldown', until: null }],
      },
    ];
    answers({ customerId: 'anna', ledger: { ...sums, thanksOwedByBrand: 1, thanksOwedByCustomer: 0, open: [], next } });
    expect((await rapport('ledger', 'anna')).out).toMatch(
      /Answer rate 25\.0 %[^]*review +20\.0 % +2026-04-01 00:00 +cooldown/,
    );
    answers({ customerId: 'anna', ledger: null, detail: 'The definition has no plays.' });
    expect((await rapport('ledger', 'anna')).out).toContain('The definition has no plays.');
    const enrolment = { customerId: 'anna', play: 'welcome', held: true, phase: 'waiting', step: '0', withheld: '' };
    answers({ items: [{ ...enrolment, enteredAt: END.asOf, until: null, convertedAt: null, exitReason: '' }] });
    expect((await rapport('enrolments', '--customer', 'anna')).out).toContain('waiting (held out)');
  });

  it('preview shows the message, and fails where none can be made', async () => {
    const shown = {
      template: 'hello',
      customerId: 'anna',
      from: 'sample',
      cause: {},
      position: 3,
      asOf: '2026-03-04T10:11:12.345Z',
    };
    fake.engine.answers = () => ({ json: JSON.stringify({ ...shown, subject: 'Hi', text: 'Dear Anna' }) });
    const { code, out } = await rapport('preview', 'hello', 'anna', '--play', 'greet');
    expect([code, out]).toEqual([0, expect.stringMatching(/Subject: Hi[^]*Dear Anna/)]);
    expect(fake.engine.asked.at(-1)).toEqual({
      ...{ name: 'preview', params: { template: 'hello', customerId: 'anna', play: 'greet' } },
    });
    fake.engine.answers = () => ({ json: JSON.stringify({ ...shown, failed: 'no name' }) });
    expect((await rapport('preview', 'hello', 'anna')).code).toBe(1);
    fake.engine.answers = () => ({ found: false, json: '' });
    expect((await rapport('preview', 'hello', 'anna')).code).toBe(4);
  });

  it('that find nothing end with 4', async () => {
    fake.engine.answers = () => ({ found: false, json: '' });
    for (const args of [
      ['plays', 'show', 'x'],
      ['actions', 'show', 'x'],
      ['ledger', 'x'],
      ['why-not', 'x', 'y'],
    ]) {
      expect([args, (await rapport(...args)).code]).toEqual([args, 4]);
    }
  });
});

describe('commands', () => {
  it.each([
    [['enrol', 'anna', 'welcome', '--override'], { command: 'enrol', play: 'welcome', override: true }],
    [['stop', 'anna', 'welcome', '--reason', 'moved'], { command: 'stop', play: 'welcome', reason: 'moved' }],
    [
      ['actions', 'retry', 'a1', '--override', '--reason', 'urgent'],
      { command: 'retry', action: 'a1', override: true, reason: 'urgent' },
    ],
    [
      ['actions', 'resolve', 'a1', 'not-delivered', '--reason', 'asked', '--at', '2026-03-04T10:00:00Z'],
      { command: 'resolve', action: 'a1', delivered: false, at: Date.UTC(2026, 2, 4, 10), reason: 'asked' },
    ],
    [['tasks', 'claim', 'a1', '--for', '2h'], { command: 'claim', action: 'a1', for: 7_200_000 }],
    [['tasks', 'give-back', 'a1'], { command: 'giveBack', action: 'a1' }],
    [['tasks', 'reassign', 'a1', '--to', 'cleo'], { command: 'reassign', action: 'a1', to: 'cleo' }],
    [
      ['tasks', 'finish', 'a1', 'done', '--note', 'called'],
      { command: 'finish', action: 'a1', outcome: 'done', note: 'called' },
    ],
  ])('%j is told to the engine', async (args, command) => {
    const { code, out } = await rapport(...args, '--by', 'ben');
    expect(code).toBe(0);
    expect(out).toContain(`(position ${fake.engine.head}).`);
    expect(fake.engine.commands).toMatchObject([{ customerId: 'anna', by: 'ben', ...command }]);
  });

  it.each([
    [
      ['plays', 'pause', 'welcome'],
      ['play', 'welcome', true, 'ben'],
    ],
    [
      ['plays', 'resume', 'welcome'],
      ['play', 'welcome', false, 'ben'],
    ],
    [
      ['channels', 'pause', 'email'],
      ['channel', 'email', true, 'ben'],
    ],
    [
      ['channels', 'resume', 'email'],
      ['channel', 'email', false, 'ben'],
    ],
  ])('%j is told to the engine', async (args, paused) => {
    expect((await rapport(...args, '--by', 'ben')).code).toBe(0);
    expect(fake.engine.paused).toEqual([paused]);
  });

  it('what came back by e-mail becomes a touchpoint', async () => {
    fake.engine.ingested.length = 0;
    const flags = ['--report', 'r1', '--at', '2026-03-04T10:00:00Z', '--action', 'a1'];
    const { code, out } = await rapport('inbound', 'bounce', ...flags);
    expect([code, out]).toEqual([0, expect.stringContaining('The bounce is recorded (position')]);
    expect(fake.engine.ingested).toMatchObject([{ customerId: 'anna', type: 'email.bounced' }]);
    expect((await rapport('inbound', 'pigeon', ...flags)).code).toBe(2);
    expect((await rapport('inbound', 'bounce', '--report', 'r1', '--at', 'today')).code).toBe(2);
  });

  it('that are refused end with 5 and the reason', async () => {
    fake.engine.commandAnswer = {
      ok: false,
      refused: 'claimedByOther',
      detail: 'cleo has it until noon.',
      position: 12,
    };
    const { code, err } = await rapport('tasks', 'claim', 'a1');
    expect([code, err]).toEqual([5, expect.stringContaining('cleo has it until noon.')]);
  });

  it('that are not decided are not repeated: 7', async () => {
    fake.engine.commandAnswer = { ok: false, reason: 'unavailable', detail: 'not decided yet', retryAfterSeconds: 1 };
    expect((await rapport('tasks', 'claim', 'a1')).code).toBe(7);
    expect(fake.engine.commands).toHaveLength(1);
  });

  it('to what nobody knows end with 4, and with bad flags 2', async () => {
    fake.engine.answers = () => ({ found: false, json: '' });
    expect((await rapport('tasks', 'claim', 'a1')).code).toBe(4);
    expect((await rapport('plays', 'pause', 'x')).code).toBe(4);
    expect((await rapport('tasks', 'claim', 'a1', '--for', 'ever')).code).toBe(2);
    expect(fake.engine.commands).toEqual([]);
  });
});
