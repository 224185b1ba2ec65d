/** What the dispatcher asks of the read models and the definitions. */
import type { LogReader } from '@rapport/event-store';
import { type CompiledDefinition, decodeProfile, emptyProfile, type PlaysPart, profileView } from '@rapport/journey';
import type { ReadModelQueries } from '@rapport/read-models';
import { Definitions } from '../loop/definitions';
import type { CustomerAt, PlayTexts } from './message-maker';
import type { AddressLookup } from './permission-watch';

export function customerAtOf(models: ReadModelQueries): CustomerAt {
  // They only go forward: what they were seen to show needs no second look.
  let shown = -1;
  return (customerId, position) =>
    models.snapshot(() => {
      if (shown < position) shown = models.checkpoint()?.position ?? 0;
      if (shown < position) return 'behind';
      const row = models.customer(customerId);
      if (!row) return null;
      const stored = models.profile(row.no);
      const { kind, traits, personal } = profileView(
        stored ? decodeProfile(stored.traits, stored.personal) : emptyProfile(),
      );
      return { kind, stage: row.stage, engagement: row.engagement, traits, personal };
    });
}

export function addressesOf(customerAt: CustomerAt): AddressLookup {
  return (customerId, _channel, position) => {
    const view = customerAt(customerId, position);
    if (view === 'behind') return 'behind';
    const email = view?.personal.email;
    return { address: typeof email === 'string' ? email : null };
  };
}

/** Versions that are published later are read when they are asked for. */
export function playTextsOf(log: LogReader): PlayTexts & { compiled(version: number): CompiledDefinition } {
  let definitions = Definitions.read(log);
  const upTo = (version: number): Definitions => {
    if (version > definitions.latest) definitions = Definitions.read(log, definitions);
    return definitions;
  };
  const part = (version: number): PlaysPart | undefined => {
    const known = upTo(version);
    return version > known.latest ? undefined : known.get(version).definition.plays;
  };
  return {
    play: (version, name) => part(version)?.plays.find((play) => play.name === name),
    template: (version, name) => part(version)?.templates.find((template) => template.name === name),
    compiled: (version) => upTo(version).get(version).compiled,
    notify: (version, name) => part(version)?.teams.find((team) => team.name === name)?.notify,
  };
}
