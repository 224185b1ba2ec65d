/** What a dispatcher needs of the world, so that specs can hand it another one. */
import type { AppendRequest, AppendResult } from '@rapport/event-store';
import type { ActionRequested } from '@rapport/journey';
import type { Channel, Rendered } from '../channels/channel.types';
import type { EffectsNow } from './instance.types';
import type { LoggedActions } from './logged-action';
import type { OpenAction } from './open-action';
import type { AddressLookup } from './permission-watch';
import type { Outbox } from './sandbox-outbox';
import type { SuppressedAddresses } from './suppressed-addresses';

export interface DispatcherPorts {
  /** Keeps the bytes: what could not be stored is sent again. */
  append(requests: AppendRequest[]): Promise<AppendResult[]>;
  channels: ReadonlyMap<string, Channel>;
  logged: LoggedActions;
  /** `behind`: the customer as of the request is not known yet; asked again a little later. */
  render(action: OpenAction, request: ActionRequested): Promise<Rendered | 'behind'>;
  /** Log position that the read models show: a message of a later request cannot be made yet. */
  shownUpTo(): number;
  addressOf: AddressLookup;
  effects(): Pick<EffectsNow, 'modeOf' | 'unarmed'>;
  outbox: Outbox;
  suppressed: SuppressedAddresses;
  /** An attempt was started at this log position. */
  sent(position: number): void;
  now(): number;
  random(): number;
  /** `nextWake` may have changed. */
  wake(): void;
  /** It has stopped: somebody else dispatches, or this code is at fault. */
  failed(error: Error): void;
}
