/** What comes back by e-mail, at the real server: it answers the ask, or suppresses the address for whoever shares it. */
import { GreetingServer, until } from './greeting-plays';

jest.setTimeout(60_000);

let greeting: GreetingServer;
beforeAll(async () => {
  greeting = await GreetingServer.start();
});
afterAll(() => greeting.stop());

const report = (body: object) =>
  greeting.server.fetch('POST', '/v1/inbound/email', { at: new Date().toISOString(), ...body }, { prefer: 'wait=20' });

async function ledger(customerId: string): Promise<{ asked: number }> {
  const path = `/v1/customers/${customerId}/ledger`;
  return (await greeting.server.fetch<{ ledger: { asked: number } }>('GET', path)).body.ledger;
}

it('a reply to a message of ours answers its ask', async () => {
  await greeting.visit('anna');
  const { bytes, action } = await greeting.message('anna', 'survey');
  await until(async () => ((await ledger('anna')).asked === 1 ? true : undefined));
  const messageId = /^Message-ID: (.*)$/im.exec(bytes)?.[1]?.trim();
  expect(messageId).toContain(action);
  const answer = await report({ kind: 'reply', reportId: 'r1', messageId, text: 'Gladly!' });
  expect(answer.body).toMatchObject({ customerId: 'anna', status: 'accepted', waited: true });
  expect(await ledger('anna')).toMatchObject({ asked: 1, answered: 1 });
});

it('a bounce suppresses: the next act is withheld', async () => {
  await greeting.visit('ben');
  const { action } = await greeting.message('ben', 'survey');
  const at = new Date().toISOString();
  expect((await report({ kind: 'bounce', reportId: 'r2', action, at })).status).toBe(200);
  expect((await report({ kind: 'bounce', reportId: 'r2', action, at })).body).toMatchObject({ status: 'duplicate' });
  const { body } = await greeting.server.fetch<{ reasons: { reason: string }[] }>(
    'GET',
    '/v1/customers/ben/why-not?play=greet',
  );
  expect(body.reasons.map(({ reason }) => reason)).toContain('suppression');
});
