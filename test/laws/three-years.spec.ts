/**
 * Issue 5, section 8: simulated customers over three years under the default plays, and the laws on what the log says of each. All
 * 10,000 by RAPPORT_SIMULATED_CUSTOMERS=10000 (about ten minutes).
 */
import { checkPlayLaws } from '@rapport/journey';
import { factsOf } from './law-facts';
import { brokenLaws } from './laws';
import { Shares } from './shares';
import { simulate } from './simulated-life';
import { theWorld } from './world';

const CUSTOMERS = Number(process.env.RAPPORT_SIMULATED_CUSTOMERS ?? 100);
/** Each so manieth is also read by the checker of the core, which asks every guard again, minute by minute. */
const CHECKED_TWICE_EVERY = 10;
const TIME_LIMIT_MS = 3_600_000;
/** What every such simulation meets: a law that nothing comes near says nothing. */
const MET = [
  ...['ask requested', 'give requested', 'tell requested', 'task requested', 'overridden', 'sent', 'held', 'not held'],
  ...['audience', 'consent', 'suppression', 'openComplaint', 'giveFirst', 'badExperience', 'thanksOwed', 'openAsk'],
  ...['cooldown', 'asksInWindow', 'cap', 'quiet', 'priority', 'holdout', 'stale'],
  ...['delivered', 'failed', 'expired', 'withdrawn', 'silent', 'stopped', 'answeredElsewhere'],
  ...['plain', 'warm', 'none', 'PlayMigrated', 'PlayConverted', 'EntryWithheld', 'ActionInDoubt', 'TaskChanged'],
];

it(
  `${CUSTOMERS} customers over three years: every law holds`,
  () => {
    const world = theWorld();
    const shares = new Shares(world.part);
    const met = new Map<string, number>();
    const count = (what: string) => met.set(what, (met.get(what) ?? 0) + 1);
    const broken: string[] = [];
    for (let no = 0; no < CUSTOMERS; no++) {
      const log = simulate(world, no);
      const facts = factsOf(log);
      broken.push(...brokenLaws(facts, world));
      shares.take(facts);
      if (no % CHECKED_TWICE_EVERY === 0)
        for (const one of checkPlayLaws(world.part, world.timeZone, log))
          broken.push(`${one.law}: ${one.detail} (${log.customerId})`);
      for (const { decision } of log.decisions) count(decision.type);
      for (const { verb, overridden } of facts.requests) count(overridden ? 'overridden' : `${verb} requested`);
      for (const { reason } of facts.refusals) count(reason);
      for (const { result } of facts.settled) count(result === 'delivered' ? 'sent' : result);
      for (const { result } of facts.settled) count(result);
      for (const { held } of facts.entries) count(held ? 'held' : 'not held');
      for (const { took, kind } of facts.stepped) if (kind === 'split') count(took);
    }
    expect(broken.slice(0, 20)).toEqual([]);
    expect(shares.outside()).toEqual([]);
    expect(MET.filter((what) => !met.has(what))).toEqual([]);
    if (CUSTOMERS > 1_000) console.log(Object.fromEntries([...met].sort()), shares.sizes());
  },
  TIME_LIMIT_MS,
);
