/** What Prometheus reads of carrying out. Without plays nothing is carried out, and the figures are 0. */
import type { DispatchSnapshot } from '@rapport/engine';

type Read = (dispatch: DispatchSnapshot | undefined) => number;

export const DISPATCH_GAUGES: { readonly [name: string]: [help: string, read: Read] } = {
  rapport_dispatch_up: [
    '1 while what plays ask for is carried out, 0 where there is nothing to carry out or dispatch has failed.',
    (dispatch) => (dispatch && !dispatch.failure ? 1 : 0),
  ],
  rapport_dispatch_failed: ['1 while dispatch has failed and waits for another try.', (d) => (d?.failure ? 1 : 0)],
  rapport_dispatch_restarts: [
    'Starts of dispatch after a failure, since the store was opened.',
    (d) => d?.restarts ?? 0,
  ],
  rapport_dispatch_open_actions: ['Actions that are requested and not over.', (d) => d?.open ?? 0],
  rapport_dispatch_attempts_under_way: ['Attempts that are under way.', (d) => d?.underWay ?? 0],
  rapport_dispatch_position: ['Position of the log that is carried out.', (d) => d?.position ?? 0],
  rapport_dispatch_armed: [
    '1 where this instance of the store may send, 0 where it must be armed first.',
    (dispatch) => (dispatch && dispatch.unarmed === null ? 1 : 0),
  ],
};

export const EFFECTS_GAUGE = {
  name: 'rapport_effects',
  help: 'How far the effects of a channel go: 0 off, 1 sandbox, 2 live.',
};
export const EFFECTS_LEVEL = { off: 0, sandbox: 1, live: 2 } as const;
