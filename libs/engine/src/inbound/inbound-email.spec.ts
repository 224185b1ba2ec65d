import { CATALOGUE, encodeTouchpoint } from '@rapport/journey';
import { permissionNews } from '../dispatch/permission-news';
import { actionOfMessageId, INBOUND_EMAIL_KINDS, inboundEmail } from './inbound-email';

const ACTION = '0123456789abcdef0123456789abcdef';

describe('what comes back by e-mail', () => {
  it.each(INBOUND_EMAIL_KINDS)('%s is a known touchpoint; all but a reply suppress', (kind) => {
    const touchpoint = inboundEmail({ kind, customerId: 'ann', action: ACTION, reportId: 'r1', at: 5, text: 'Hello' });
    expect(CATALOGUE.entry(touchpoint.type)?.type).toBe(touchpoint.type);
    expect(permissionNews(encodeTouchpoint(touchpoint).data)?.kind).toBe(kind === 'reply' ? undefined : 'suppressed');
    expect(touchpoint.text).toBe(kind === 'reply' ? 'Hello' : undefined);
    expect(touchpoint.touchpointId).toBe(`email-${kind}-r1`);
  });

  it('finds the action in a Message-ID of ours, and in no other', () => {
    expect(actionOfMessageId(`<${ACTION}@brand.example>`)).toBe(ACTION);
    for (const other of ['', '<abc@brand.example>', `<x${ACTION}@brand.example>`, `<${ACTION}>`])
      expect(actionOfMessageId(other)).toBeNull();
  });
});
