/** What templates say, previewed and sent, by the real server. */
import { GreetingServer } from './greeting-plays';

jest.setTimeout(60_000);

let greeting: GreetingServer;
beforeAll(async () => {
  greeting = await GreetingServer.start();
});
afterAll(() => greeting.stop());

const preview = (template: string, query: string) =>
  greeting.server.fetch('GET', `/v1/templates/${template}/preview?${query}`);

it('a preview says what the message said, with its cause and evidence', async () => {
  await greeting.visit('anna');
  const asked = await greeting.message('anna', 'survey');
  expect((await greeting.message('anna', 'email')).bytes).toContain('You came by store.visited.');
  expect(asked.bytes).toContain('You came by store.visited on 2');
  const { body } = await preview('hello', 'customerId=anna');
  expect(body).toMatchObject({
    ...{ from: 'action', play: 'greet', subject: 'Hello anna', template: 'hello' },
    cause: { kind: 'touchpoint', touchpointId: 'v-anna', touchpoint: { id: 'v-anna', type: 'store.visited' } },
  });
  expect(body['text']).toContain('You came by store.visited.');
  expect((body['evidence'] as object[]).length).toBeGreaterThan(0);
  expect((await preview('how-was-it', 'customerId=anna&play=greet')).body).toMatchObject({
    cause: { kind: 'touchpoint', touchpoint: { id: 'v-anna' } },
    survey: { kind: 'nps', question: 'Would you recommend us?', choices: [] },
  });
});

it('takes the newest touchpoint as a sample where there is no message, and says why none could be made', async () => {
  await greeting.record({
    ...{ touchpointId: 'w', customerId: 'ben', type: 'web.page.viewed', occurredAt: new Date().toISOString() },
  });
  const { body } = await preview('hello', 'customerId=ben');
  expect(body).toMatchObject({ from: 'sample', cause: { touchpoint: { type: 'web.page.viewed' } } });
  expect((await preview('by-name', 'customerId=ben')).body).toMatchObject({
    failed: expect.stringContaining("'customer.personal.name'") as string,
  });
});

it('says which of the two is unknown', async () => {
  expect((await preview('helo', 'customerId=ben')).body).toMatchObject({
    ...{ status: 404, code: 'unknownTemplate', detail: expect.stringContaining("did you mean 'hello'") as string },
  });
  expect((await preview('hello', 'customerId=nobody')).body).toMatchObject({ code: 'unknownCustomer' });
  expect((await preview('hello', 'customerId=ben&play=gret')).body).toMatchObject({ code: 'invalidParameter' });
});
