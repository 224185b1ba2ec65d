/** The built server with the default plays on its real store: what plays decide, and what people do about it. Each answer is held against the document. */
import type { ListBody } from './answers.types';
import { until } from './greeting-plays';
import { ServerProcess } from './server-process';

jest.setTimeout(60_000);

interface Task {
  action: string;
  play: string;
  state: string;
  task: { team: string; assignee: string | null };
}

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start({ RAPPORT_PLAYS: 'default' });
  const now = new Date().toISOString();
  const complaint = { touchpointId: 'c', customerId: 'anna', type: 'store.complaint.made', occurredAt: now };
  const visit = { touchpointId: 'v', customerId: 'ben', type: 'store.visited', occurredAt: now };
  await server.fetch('POST', '/v1/touchpoints', [complaint, visit], { prefer: 'wait=20' });
});
afterAll(() => server.stopAndForget());

const tasks = (query = ''): Promise<Task[]> =>
  server.fetch<ListBody<Task>>('GET', `/v1/tasks?customerId=anna${query}`).then(({ body }) => body.items);
const post = (path: string, body: object) => server.fetch('POST', path, { by: 'ben', ...body });

it('tells the plays, who is enrolled, and why a play does not act', async () => {
  const { body } = await server.fetch<ListBody<{ play: string; entered: number; heldOut: { entered: number } }>>(
    'GET',
    '/v1/plays',
  );
  expect(body.items.find((one) => one.play === 'complaint')).toMatchObject({ entered: 1, heldOut: { entered: 0 } });
  const path = '/v1/customers/anna/enrolments?play=complaint';
  expect((await server.fetch<ListBody<object>>('GET', path)).body.items).toMatchObject([{ phase: 'acting' }]);
  const whyNot = await server.fetch<{ now: boolean; reasons: { reason: string }[] }>(
    'GET',
    '/v1/customers/anna/why-not?play=advocate-ask',
  );
  expect(whyNot.body.now).toBe(false);
  expect(whyNot.body.reasons.map(({ reason }) => reason)).toContain('noTrigger');
  expect((await server.fetch('GET', '/v1/plays/complaint')).body).toHaveProperty('definition.name', 'complaint');
  expect((await server.fetch('GET', '/v1/customers/anna/ledger')).body).toHaveProperty('ledger.asked', 0);
  expect((await server.fetch('GET', '/v1/customers/anna/why-not?play=nothing')).status).toBe(404);
});

it('gives a task to the first who claims it, and a 409 to the second', async () => {
  const [task] = await tasks('&team=support');
  expect(task).toMatchObject({ play: 'complaint', state: 'requested', task: { assignee: null } });
  const path = `/v1/tasks/${task!.action}`;
  const both = await Promise.all([post(`${path}/claim`, { by: 'ben' }), post(`${path}/claim`, { by: 'cleo' })]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  const loser = both.find(({ status }) => status === 409)!;
  expect(loser.body).toMatchObject({ code: 'commandRefused', because: 'claimedByOther' });
  expect(loser.headers.get('rapport-position')).toBe(String(loser.body['position']));
  const winner = loser === both[0] ? 'cleo' : 'ben';
  expect((await tasks())[0]?.task.assignee).toBe(winner);
  expect((await post(`${path}/give-back`, { by: winner })).status).toBe(200);
  expect((await post(`${path}/reassign`, { by: winner, team: 'sales' })).status).toBe(200);
  expect((await tasks('&team=sales')).map(({ action }) => action)).toEqual([task!.action]);
  expect((await post(`${path}/finish`, { by: winner, outcome: 'done', note: 'called back' })).status).toBe(200);
  const again = await post(`${path}/finish`, { by: winner, outcome: 'done' });
  expect(again).toMatchObject({ status: 409, body: { because: 'settled' } });
  expect(again.body['detail']).toContain('is settled (delivered)');
  const detail = await server.fetch<{ state: string }>('GET', `/v1/actions/${task!.action}`);
  expect(detail.body).toMatchObject({ state: 'delivered', customerId: 'anna' });
});

it('enrols by hand, once, and stops', async () => {
  const path = '/v1/plays/onboarding-check/enrolments';
  const enrol = { customerId: 'ben', override: true };
  expect((await post(path, enrol)).status).toBe(200);
  expect((await post(path, enrol)).body).toMatchObject({ status: 409, because: 'alreadyEnrolled' });
  expect((await post(`${path}/stop`, { customerId: 'ben', reason: 'a test' })).status).toBe(200);
  expect((await post(`${path}/stop`, { customerId: 'ben', reason: 'a test' })).body).toMatchObject({
    because: 'notEnrolled',
  });
  expect((await post(path, { customerId: 'nobody' })).body).toMatchObject({ code: 'unknownCustomer' });
  expect((await post('/v1/plays/nothing/enrolments', { customerId: 'ben' })).body).toMatchObject({
    because: 'unknownPlay',
  });
});

it('pauses a play, and says so', async () => {
  const pause = await server.fetch('POST', '/v1/plays/welcome/pause', { by: 'ben' }, { prefer: 'wait=20' });
  expect(pause.body).toMatchObject({ waited: true });
  expect((await server.fetch('GET', '/v1/plays/welcome')).body).toMatchObject({
    paused: true,
    pausedSince: expect.any(String) as string,
  });
  await server.fetch('POST', '/v1/plays/welcome/resume', { by: 'ben' }, { prefer: 'wait=20' });
  expect((await server.fetch('GET', '/v1/plays/welcome')).body).toMatchObject({ paused: false });
  expect((await server.fetch('POST', '/v1/plays/nothing/pause', { by: 'ben' })).status).toBe(404);
  for (const [verb, paused] of [
    ['pause', true],
    ['resume', false],
  ] as const) {
    expect((await server.fetch('POST', `/v1/channels/email/${verb}`, { by: 'ben' })).status).toBe(200);
    await until(async () => ((await isPaused('email')) === paused ? true : undefined));
    expect(await isPaused('chat')).toBe(false);
  }
});

async function isPaused(channel: string): Promise<boolean | null | undefined> {
  const { body } = await server.fetch<{ items: { channel: string; paused: boolean | null }[] }>('GET', '/v1/channels');
  return body.items.find((one) => one.channel === channel)?.paused;
}
