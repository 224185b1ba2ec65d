/** The Complete Journey sample as touchpoints: mailings are asks, redeemed coupons their answers, baskets purchases. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FoldedTouchpoint, Properties } from '@rapport/journey';

const FOLDER = join(__dirname, '../../../shared/data/completejourney');
export const hasCompleteJourney = existsSync(FOLDER);

export interface Mailing {
  household: string;
  campaign: string;
  /** Midnight UTC of its first and last day. */
  start: number;
  end: number;
}

export interface Basket {
  at: number;
  value: number;
}

export interface Household {
  id: string;
  /** By start, then campaign. */
  mailings: Mailing[];
  /** Coupons redeemed, by day. */
  redemptions: { campaign: string; at: number }[];
  /** By time. */
  baskets: Basket[];
}

type Row = { [column: string]: string };

function rows(file: string): Row[] {
  const [head = '', ...lines] = readFileSync(join(FOLDER, file), 'utf8').trim().split(/\r?\n/);
  const columns = head.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    return Object.fromEntries(columns.map((column, i) => [column, values[i] ?? '']));
  });
}

export function readHouseholds(): Household[] {
  const households = new Map<string, Household>();
  const of = (id: string): Household => {
    const known = households.get(id) ?? { id, mailings: [], redemptions: [], baskets: [] };
    households.set(id, known);
    return known;
  };
  const campaigns = new Map(rows('campaign_descriptions.csv').map((row) => [row.campaign_id ?? '', row]));
  for (const { household_id: household = '', campaign_id: campaign = '' } of rows('campaigns.csv')) {
    const { start_date: start = '', end_date: end = '' } = campaigns.get(campaign) ?? {};
    of(household).mailings.push({ household, campaign, start: Date.parse(start), end: Date.parse(end) });
  }
  for (const row of rows('coupon_redemptions.csv')) {
    const redeemed = { campaign: row.campaign_id ?? '', at: Date.parse(row.redemption_date ?? '') };
    of(row.household_id ?? '').redemptions.push(redeemed);
  }
  for (const row of rows('baskets_sample.csv')) {
    of(row.household_id ?? '').baskets.push({ at: Date.parse(row.time ?? ''), value: Number(row.sales_value) });
  }
  for (const { mailings, redemptions, baskets } of households.values()) {
    mailings.sort((a, b) => a.start - b.start || Number(a.campaign) - Number(b.campaign));
    redemptions.sort((a, b) => a.at - b.at);
    baskets.sort((a, b) => a.at - b.at);
  }
  return [...households.values()];
}

export function offerSent(campaign: string, at: number): FoldedTouchpoint {
  // Before what is redeemed on the same day: of one moment the smaller id comes first.
  return touchpoint('offer.sent', `asked-${campaign}`, at, 'outbound', { campaignId: campaign });
}

export function offerRedeemed(campaign: string, at: number, place: number): FoldedTouchpoint {
  return touchpoint('offer.redeemed', `redeemed-${place}`, at, 'inbound', { campaignId: campaign });
}

export function thanksSent(at: number): FoldedTouchpoint {
  return touchpoint('thanks.sent', 'a-thanks', at, 'outbound', {});
}

function touchpoint(
  type: string,
  touchpointId: string,
  occurredAt: number,
  direction: 'inbound' | 'outbound',
  properties: Properties,
): FoldedTouchpoint {
  const channel = direction === 'outbound' ? 'mail' : 'store';
  return { touchpointId, type, channel, direction, occurredAt, source: 'completejourney', properties, history: true };
}
