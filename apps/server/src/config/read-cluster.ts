/** Where the store is beyond one machine, and what this process does there. */
import { CLUSTER_ROLES, type ClusterRole } from '@rapport/engine';
import type { ClusterConfiguration } from './configuration';
import { SETTINGS } from './settings';
import { pick, type Sources } from './sources';

const ALL = 'all';

/** Undefined = the store is a folder of this machine. Both servers, or none: half a cluster is a fault. */
export function readCluster(sources: Sources): ClusterConfiguration | undefined {
  const eventStoreUrl = pick(sources, SETTINGS.eventstoreUrl, undefined);
  const mongoUrl = pick(sources, SETTINGS.mongodbUrl, undefined);
  const given = eventStoreUrl !== undefined || mongoUrl !== undefined;
  const store = pick(sources, SETTINGS.store, given ? 'cluster' : 'embedded');
  const roles = readRoles(sources);
  const partitions = pick(sources, SETTINGS.partitions, undefined);
  const engineThreads = pick(sources, SETTINGS.engineThreads, undefined);
  const leaseMs = pick(sources, SETTINGS.leaseMs, undefined);
  if (store === 'embedded') return undefined;
  if (eventStoreUrl === undefined || mongoUrl === undefined) {
    sources.faults.push({
      where: eventStoreUrl === undefined ? SETTINGS.eventstoreUrl.env : SETTINGS.mongodbUrl.env,
      problem: 'A cluster needs both servers, and this one is not named.',
      mend: 'Write for example esdb://127.0.0.1:2113?tls=false and mongodb://127.0.0.1:27017/rapport, or RAPPORT_STORE=embedded.',
    });
    return undefined;
  }
  return {
    ...{ eventStoreUrl, mongoUrl, roles },
    ...(partitions !== undefined && { partitions }),
    ...(engineThreads !== undefined && { engineThreads }),
    ...(leaseMs !== undefined && { leaseMs }),
  };
}

function readRoles(sources: Sources): readonly ClusterRole[] {
  const named = pick(sources, SETTINGS.roles, [ALL]);
  if (named.includes(ALL)) return CLUSTER_ROLES;
  const unknown = named.filter((name) => !(CLUSTER_ROLES as readonly string[]).includes(name));
  if (unknown.length > 0 || named.length === 0)
    sources.faults.push({
      where: SETTINGS.roles.env,
      problem: unknown.length > 0 ? `There is no role ${unknown.join(', ')}.` : 'It names no role.',
      mend: `Write ${ALL}, or some of ${CLUSTER_ROLES.join(', ')} with commas between them.`,
    });
  return CLUSTER_ROLES.filter((role) => named.includes(role));
}
