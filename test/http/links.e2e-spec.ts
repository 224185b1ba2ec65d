/** Links of real messages, followed at the real server: what they do stands in the log, and holds the next message back. */
import { GreetingServer, linksIn, until } from './greeting-plays';

jest.setTimeout(60_000);

let greeting: GreetingServer;
beforeAll(async () => {
  greeting = await GreetingServer.start();
});
afterAll(() => greeting.stop());

interface Timeline {
  items: { kind: string; type?: string; touchpointId?: string; properties?: { [name: string]: unknown } }[];
}

const timeline = async (customerId: string): Promise<Timeline['items']> =>
  (await greeting.server.fetch<Timeline>('GET', `/v1/customers/${customerId}/timeline`)).body.items;

async function follow(path: string, form?: string): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return greeting.server.fetch(form === undefined ? 'GET' : 'POST', path, form, form === undefined ? {} : headers);
}

/** Of these types, when they are shown. */
const shown = (customerId: string, type: string) =>
  until(async () => {
    const found = (await timeline(customerId)).filter((item) => item.type === type);
    return found.length === 0 ? undefined : found;
  });

it('a name that a team counts on and nobody configured is warned of at the start', () => {
  const warned = greeting.server.output.split('\n').filter((line) => line.includes('"level":"warn"'));
  expect(warned).toEqual([
    expect.stringMatching(/team care wants to be told of tasks at .*care-desk.*RAPPORT_WEBHOOKS/),
  ]);
});

it('links lead to where the server listens, also where it chose the port itself', async () => {
  await greeting.visit('zoe');
  const { bytes } = await greeting.message('zoe', 'email');
  expect(bytes.replaceAll('=\r\n', '')).toContain(`${greeting.server.url}/l/`);
});

it('an answer is a touchpoint and closes its ask; the first one counts', async () => {
  await greeting.visit('anna');
  const message = await greeting.message('anna', 'survey');
  const answer = linksIn(message)[0]!;
  expect((await follow(answer)).text).toContain('Would you recommend us?');
  expect((await timeline('anna')).map(({ type }) => type)).not.toContain('survey.answered');
  expect((await follow(answer, 'comment=well')).status).toBe(422);
  await until(async () => ((await ledger('anna')).asked === 1 ? true : undefined));
  for (const score of [10, 3]) {
    const { status, text } = await follow(answer, `score=${score}`);
    expect([status, text]).toEqual([200, expect.stringContaining('Thank you for your answer')]);
  }
  const answered = await shown('anna', 'survey.answered');
  expect(answered).toMatchObject([
    { touchpointId: `${message.action}-answer`, properties: { score: 10, kind: 'nps', action: message.action } },
  ]);
  expect(await ledger('anna')).toMatchObject({ asked: 1, answered: 1, open: [] });
  expect((await follow(answer)).text).toContain('Thank you for your answer');
  const parked = await greeting.server.fetch<{ items: unknown[] }>('GET', '/v1/parked');
  expect(parked.body.items).toEqual([]);
});

async function ledger(customerId: string): Promise<{ asked: number; answered: number; open: unknown[] }> {
  const { body } = await greeting.server.fetch<{ ledger: { asked: number; answered: number; open: unknown[] } }>(
    'GET',
    `/v1/customers/${customerId}/ledger`,
  );
  return body.ledger;
}

it('one click unsubscribes: the next act is withheld, and says why', async () => {
  await greeting.visit('ben');
  const link = linksIn(await greeting.message('ben', 'email'))[0]!;
  await greeting.message('ben', 'survey');
  expect((await follow(link)).text).toContain('Unsubscribe');
  expect((await follow(link, 'List-Unsubscribe=One-Click')).status).toBe(200);
  expect(await shown('ben', 'consent.withdrawn')).toMatchObject([
    { properties: { purpose: 'relationship', channel: 'email' } },
  ]);
  const { body } = await greeting.server.fetch<{ reasons: { reason: string }[] }>(
    'GET',
    '/v1/customers/ben/why-not?play=greet',
  );
  expect(body.reasons.map(({ reason }) => reason)).toContain('consent');
  expect((await follow(link, 'everything=yes')).status).toBe(200);
  await shown('ben', 'email.unsubscribed');
});
