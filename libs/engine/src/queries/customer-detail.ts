/** One customer: where it stands, why, and what is missing for the next stage. */
import {
  decodeProfile,
  describe,
  emptyProfile,
  type Evidence,
  missingForNext,
  missingSentence,
  profileView,
  PURCHASE_VALUE_SCALE,
  reasonSentence,
  rungSentence,
} from '@rapport/journey';
import type { Axis, ChangeRow, CustomerRow } from '@rapport/read-models';
import type { QueryAnswer } from '../rapport.types';
import { changeBodies, evidenceItem, sentenceOf } from './change-bodies';
import { customerItem } from './customer-list';
import { momentOf, stateOf } from './customer-state';
import { type Asked, found, iso, isoOrNull, notFound } from './sources';

export function customer(asked: Asked, customerId: string): QueryAnswer {
  const row = asked.models.customer(customerId);
  if (!row) return notFound(asked);
  const state = stateOf(asked, row);
  const { rungs, openComplaints } = describe(state.compiled, state, momentOf(asked, row));
  const stored = asked.models.profile(row.no);
  const { traits, personal, consents } = profileView(
    stored ? decodeProfile(stored.traits, stored.personal) : emptyProfile(),
  );
  const { totals } = state;
  return found(asked, {
    ...customerItem(row),
    rungs: rungs.map(({ stage, holds, held }) => ({ stage, holds, held })),
    traits,
    personal,
    consents: consents.map((consent) => ({ ...consent, at: iso(consent.at) })),
    totals: {
      touchpoints: totals.touchpoints,
      inbound: totals.inbound,
      outbound: totals.outbound,
      purchases: totals.purchases,
      purchaseValue: totals.purchaseValue / PURCHASE_VALUE_SCALE,
      returns: totals.returns,
      unnamedReturns: totals.unnamedReturns,
      firstTouchpointAt: isoOrNull(totals.firstTouchpointAt),
    },
    nextChangeAt: isoOrNull(row.due),
    openComplaints,
  });
}

export function why(asked: Asked, customerId: string): QueryAnswer {
  const row = asked.models.customer(customerId);
  if (!row) return notFound(asked);
  const state = stateOf(asked, row);
  const at = momentOf(asked, row);
  const { rungs, engagement: engagementNow } = describe(state.compiled, state, at);
  const next = missingForNext(state.compiled, state, at);
  const stage = lastChange(asked, row, 'stage');
  const engagement = lastChange(asked, row, 'engagement');
  return found(asked, {
    customerId,
    stage: row.stage,
    since: isoOrNull(row.stageSince),
    sentence: stage?.sentence ?? unsettledSentence(row),
    evidence: stage?.evidence ?? null,
    ...(stage && { change: stage.change }),
    engagement: {
      value: row.engagement,
      since: isoOrNull(row.engagementSince),
      ...(engagement
        ? { sentence: engagement.sentence, evidence: engagement.evidence }
        : neverChanged(row, engagementNow)),
    },
    rungs: rungs.map((rung) => ({
      stage: rung.stage,
      holds: rung.holds,
      held: rung.held,
      sentence: rungSentence(rung),
    })),
    ...(next && {
      next: { stage: next.stage, missing: next.missing.map((one) => ({ ...one, sentence: missingSentence(one) })) },
    }),
  });
}

/** Everybody starts active, which is no change: there the evidence is that of now. */
function neverChanged(row: CustomerRow, evidence: Evidence | null): { sentence: string; evidence: object | null } {
  if (row.engagement === null || evidence === null) return { sentence: unsettledSentence(row), evidence: null };
  const since = row.engagementSince === null ? '' : ` since ${iso(row.engagementSince)}`;
  return {
    sentence: `${row.engagement}${since}: ${reasonSentence(null, row.engagement, evidence)}`,
    evidence: evidenceItem(evidence),
  };
}

function unsettledSentence(row: CustomerRow): string {
  return `${row.customerId} has ${row.touchpoints} touchpoint(s) of history that wait for their settling`;
}

interface Told {
  sentence: string;
  evidence: object;
  change: object;
}

/** The newest change in force, with its stored evidence. */
function lastChange(asked: Asked, row: CustomerRow, axis: Axis): Told | null {
  const last: ChangeRow | undefined = asked.models.changesOf(row.no, axis).at(-1);
  if (!last) return null;
  const body = changeBodies(asked, [last])[0]!;
  const change = { id: body.id, position: last.position, at: iso(last.at), from: last.from, history: last.history };
  return { sentence: sentenceOf(last, body), evidence: evidenceItem(body.evidence), change };
}
