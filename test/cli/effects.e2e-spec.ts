/** status, effects and arm: against a real server, against the store itself, and against one that refuses. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { EffectsView, StatusView } from '../../apps/server/src';
import { Sandbox } from './rapport-process';

jest.setTimeout(120_000);

const box = new Sandbox();
afterAll(() => box.end());

const modes = ({ channels }: EffectsView): string[] => [...new Set(Object.values(channels).map(({ mode }) => mode))];

it('switches effects of a running server, for the whole and for channels', async () => {
  const { running } = await box.serve(['--plays', 'default']);
  const live = await box.json<EffectsView>('effects', 'live', '--channel', 'email', '--channel', 'chat', '--by', 'ann');
  expect(live).toMatchObject({ by: 'ann', armed: true, channels: { email: { set: 'live', mode: 'sandbox' } } });
  expect(await box.json<EffectsView>('effects', 'follow', '--channel', 'chat')).toMatchObject({
    channels: { email: { set: 'live' }, chat: { set: null } },
  });
  expect((await box.run('effects', 'live')).stdout).toMatch(/NOBODY GETS email: .*SMTP_HOST/);
  expect(modes(await box.json<EffectsView>('effects', 'off'))).toEqual(['off']);
  const { stdout, code } = await box.run('status');
  expect([code, stdout]).toEqual([0, expect.stringMatching(/Effects: off\.\nDispatch: 0 actions open/)]);
  running.process.kill('SIGTERM');
  await running.ended;
});

it('says the same of the store without a server, and arms a copy of it', async () => {
  const copy = join(box.folder, 'copy');
  cpSync(box.data, copy, { recursive: true });
  expect(modes(await box.json<EffectsView>('effects', 'live'))).toEqual(['live']);
  const shown = await box.run('effects', '--data', copy);
  expect(shown.stdout).toMatch(/All: off \(set by [^]*NOT ARMED: This is a copy of a store/);
  expect((await box.run('arm', '--data', copy, '--by', 'ann')).stdout).toContain('This store is the one that sends.');
  expect(await box.json<StatusView>('status', '--data', copy)).toMatchObject({
    dispatch: null,
    effects: { armed: true },
  });
});

it.each([
  [['effects', 'follow'], 'which channel shall follow'],
  [['effects', '--channel', 'email'], 'Say off, sandbox, live or follow'],
  [['effects', 'on'], "'on' is invalid"],
])('%p is refused', async (args, says) => {
  const { code, stderr } = await box.run(...args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
});

it('refuses a definition or plays that are not there, and says so', async () => {
  const { code, stderr } = await box.run('serve', '--plays', './gone', '--definition', './away');
  expect(code).toBe(2);
  expect(stderr).toMatch(/There is no file .*away[^]*There is no folder .*gone/);
});
