/** Requests of the simulation's live touchpoints, as `rapport simulate --live-rate` and the demo send them. */
import { LiveTouchpoints } from '../../../apps/cli/src/simulation/live-touchpoints';
import { customerId, ID_BYTES, type Template } from '../touchpoints';

/** A maker of templates: the same seed, the same touchpoints. Ids, customers and moments are written over before each use. */
export function liveTemplates(seed: number): (extra?: Record<string, unknown>) => Template {
  const live = new LiveTouchpoints(seed, 1, 0);
  const [id, customer, moment] = ['0'.repeat(ID_BYTES), customerId(0), new Date(0).toISOString()];
  return (extra = {}) => {
    const { type, channel, direction, source, properties, actor, text: words } = live.next(0);
    const said = { type, channel, direction, occurredAt: moment, source, properties, actor, text: words };
    const text = JSON.stringify({ touchpointId: id, customerId: customer, ...said, ...extra });
    return { text, idAt: text.indexOf(id), customerAt: text.indexOf(customer), momentAt: text.indexOf(moment) };
  };
}
