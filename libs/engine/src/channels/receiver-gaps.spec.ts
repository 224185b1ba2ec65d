import { parseDefinition } from '@rapport/journey';
import { receiverGaps } from './receiver-gaps';
import { type ChannelOptions, NO_CHANNEL_OPTIONS } from './registry';

const TEXT = `
name: journey
timeZone: UTC
stages: [ { name: lead } ]
engagement:
  cooling: { factor: 2, floor: 14d, fixed: 30d }
  atRisk: { factor: 3, floor: 30d, fixed: 60d }
  lapsed: { factor: 6, floor: 90d, fixed: 180d }
teams: [ { name: care, notify: care-desk }, { name: sales } ]
templates: [ { name: hello, subject: Hello, text: Hello } ]
plays:
  - name: greet
    why: to greet
    owner: care
    purpose: service
    on: manual
    steps:
      - { tell: hello, by: email, template: hello }
      - { tell: hello, by: email, template: hello }
      - { tell: crm, by: webhook }
      - { tell: room, by: chat, template: hello }
      - { task: call, team: sales, sla: 1d }
`;

const gapsWith = (options: Partial<ChannelOptions>): string[] => {
  const parsed = parseDefinition(TEXT, 'my.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return receiverGaps(parsed.definition.plays, { ...NO_CHANNEL_OPTIONS, ...options }).map(
    ({ channel, lacks, problem }) => `${channel} ${lacks}: ${problem}`,
  );
};

describe('receivers that plays count on', () => {
  it('are missed by name, once each', () => {
    expect(gapsWith({})).toEqual([
      expect.stringMatching(/^email server: .*no SMTP server/),
      expect.stringMatching(/^webhook name: the play greet .*"crm"/),
      expect.stringMatching(/^chat name: the play greet .*"room"/),
      expect.stringMatching(/^task name: the team care .*"care-desk"/),
    ]);
  });

  it('are not missed where they, or the default, are configured', () => {
    const to = { url: 'https://a.example', secrets: [] };
    const server = { host: 'a.b', port: 25, tls: 'offered' as const };
    const email = { from: 'x@y.z', server } as ChannelOptions['email'];
    const chat = { destinations: { default: 'https://chat.example' } };
    expect(gapsWith({ email, chat, webhook: { destinations: { crm: to, 'care-desk': to } } })).toEqual([]);
  });
});
