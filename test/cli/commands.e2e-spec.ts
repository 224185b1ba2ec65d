import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sandbox } from './rapport-process';

jest.setTimeout(120_000);

let box: Sandbox;
beforeEach(() => (box = new Sandbox()));
afterEach(() => box.end());

const SIMULATE = ['simulate', '--customers', '60', '--months', '12', '--seed', '5', '--until', '2026-06-01'];

interface Counts {
  counts: { stages: { stage: string; engagement: string; customers: number }[]; total: number; position: number };
  sent: number;
  repeats: number;
}
interface Envelope {
  position: number;
  stream: string;
  revision: number;
  id: string;
  type: string;
  data?: { touchpointId?: string };
  personal?: { text?: string; properties?: { [name: string]: unknown } };
}

describe('rapport', () => {
  it('plays the same simulation once, exports the log, verifies, rebuilds and backs up', async () => {
    const first = await box.json<Counts>(...SIMULATE);
    expect(first.counts.total).toBe(60);
    expect(first.repeats).toBe(0);
    const again = await box.json<Counts>(...SIMULATE);
    expect(again).toMatchObject({ sent: first.sent, repeats: first.sent, counts: { stages: first.counts.stages } });

    const exported = await box.run('export', '-o', 'log.ndjson');
    expect(exported.code).toBe(0);
    const events = readFileSync(join(box.folder, 'log.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Envelope);
    expect(events.every((event, i) => i === 0 || event.position > (events[i - 1] as Envelope).position)).toBe(true);
    const recorded = events.filter((event) => event.type === 'TouchpointRecorded');
    expect(recorded).toHaveLength(2 * first.sent);
    expect(recorded.every((event) => event.stream.startsWith('touchpoints-') && /^[0-9a-f-]{36}$/.test(event.id))).toBe(
      true,
    );
    expect(recorded.some((event) => typeof event.personal?.properties?.['email'] === 'string')).toBe(true);
    const piped = await box.run('export');
    expect(piped.stdout).toBe(readFileSync(join(box.folder, 'log.ndjson'), 'utf8'));
    expect((await box.run('export', '-o', 'log.ndjson')).code).toBe(5);

    expect(await box.json('verify')).toMatchObject({ problemCount: 0 });
    expect(await box.json('rebuild')).toMatchObject({ equal: true });
    await box.json('backup', './copy');
    expect(await box.json('verify', '--data', './copy')).toMatchObject({ problemCount: 0 });
    const [here, there] = [
      await box.json<object>('customers'),
      await box.json<object>('customers', '--data', './copy'),
    ];
    expect({ ...there, position: 0, asOf: '' }).toEqual({ ...here, position: 0, asOf: '' });
  });

  it('talks to a running server, and says so', async () => {
    const { running, url } = await box.serve();
    const simulated = await box.run(...SIMULATE, '--json');
    expect(simulated.stderr).toContain(`Talking to the server at ${url}`);
    expect((JSON.parse(simulated.stdout) as Counts).counts.total).toBe(60);
    const list = await box.run(
      'customers',
      '--stage',
      'customer',
      '--stage',
      'loyal',
      '--sort=-since',
      '--limit',
      '3',
      '--count',
      '--server',
      url,
    );
    expect(list.code).toBe(0);
    expect(list.stdout).toContain('customers in all');
    const why = await box.run('why', 'sim-5-0001');
    expect(why.stdout).toMatch(/^sim-5-0001 is \w+ since \d{4}-/);
    expect((await box.run('why', 'nobody')).code).toBe(4);
    expect((await box.run('parked')).stdout).toContain('Nothing is parked');
    expect((await box.run('parked', 'retry', '1')).code).toBe(4);
    expect((await box.run('definition')).stdout).toContain('stages:');
    expect((await box.run('settle')).code).toBe(0);
    expect((await box.run('export', '-o', join(box.folder, 'live.ndjson'))).code).toBe(0);
    expect((await box.run('verify')).code).toBe(0);
    expect((await box.run('rebuild')).stdout).toContain('running server');
    expect((await box.run('serve')).code).toBe(5);
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
    const alone = await box.run('customers', '--limit', '1');
    expect(alone.stderr).toContain('Opening the store');
    expect((await box.run('customers', '--server', url)).code).toBe(7);
  });

  it('checks a definition file', async () => {
    const file = join(box.folder, 'journey.yaml');
    writeFileSync(file, (await box.run('definition', 'show', '--default')).stdout);
    expect((await box.run('definition', 'check', file)).stdout).toContain('is well');
    writeFileSync(file, readFileSync(file, 'utf8').replace('distinctDays', 'distinctDay'));
    const faulty = await box.run('definition', 'check', file, '--json');
    expect(faulty.code).toBe(1);
    expect((JSON.parse(faulty.stdout) as { faults: { mend: string }[] }).faults[0]?.mend).toContain('distinctDays');
  });

  it('shows in the demo the counts, one climb and one fall with evidence, and what to try', async () => {
    const demo = await box.run('demo', '--exit-after-ready', '--data', join(box.folder, 'demo'));
    expect(demo.code).toBe(0);
    for (const stage of ['lead', 'customer', 'loyal', 'advocate'])
      expect(demo.stdout).toMatch(new RegExp(`^${stage} `, 'm'));
    expect(demo.stdout).toMatch(/A climb:\n {2}sim-1-\d+: \w+ -> \w+ on 20/);
    expect(demo.stdout).toMatch(/A fall:\n {2}sim-1-\d+: \w+ -> \w+ on 20/);
    expect(demo.stdout).toContain('It stands on');
    expect(demo.stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+\/docs/);
    expect(demo.stdout.match(/^ {2}curl /gm)).toHaveLength(2);
    expect(existsSync(join(box.folder, 'demo', 'server.json'))).toBe(false);
    // Plays at work: messages in the inbox, tasks, and what was withheld with its reason, whatever the hour.
    expect(demo.stdout).toMatch(
      /\d+ messages in the local inbox \(http:[^]*nora@example\.com +Good to have you here +welcome/,
    );
    expect(demo.stdout).toMatch(/support +answer-the-complaint +sim-1-\d+ +20/);
    expect(demo.stdout).toContain('withheld for good: a complaint is open');
    expect(demo.stdout).toMatch(/giving thanks by e-mail withheld until [^\n]*: quiet hours/);
    expect(demo.stdout).toContain(`npx rapport inbox --data ${join(box.folder, 'demo')}`);
    const inbox = await box.run('inbox', '--data', join(box.folder, 'demo'));
    expect(inbox.stdout).toMatch(/inbox\/\d+ +20[^\n]*Your delivery is late/);
    const message = await box.run('inbox', '1', '--data', join(box.folder, 'demo'));
    expect(message.stdout).toMatch(/^To: [^]*Subject: [^]*\nHello /);
    expect((await box.run('inbox', '999', '--data', join(box.folder, 'demo'))).code).toBe(4);
  });
});
