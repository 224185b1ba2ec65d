/** How the catalogue describes a touchpoint type. Entries are data: one file for each area beside this one. */
import type { Direction } from '../../touchpoint';

/** What a touchpoint says about the relationship. The words that a definition may use as `meaning`. */
export const MEANINGS = [
  'purchase',
  'return',
  'usage',
  'question',
  'complaint',
  'praise',
  'resolution',
  'advocacy',
  'ask',
  'answer',
  'gift',
  'consent',
] as const;
export type Meaning = (typeof MEANINGS)[number];

export type PropertyType = 'string' | 'number' | 'boolean' | 'string[]';

export interface PropertySpec {
  type: PropertyType;
  required?: boolean;
  /** Stands in the personal part of the event: rules cannot read it, and it can be erased. */
  personal?: boolean;
  /** null is a value too: it clears the trait. */
  nullable?: boolean;
  oneOf?: readonly string[];
  /** Bounds of a number, both included. */
  min?: number;
  max?: number;
}

export type PropertySpecs = { readonly [name: string]: PropertySpec };

export interface CatalogueEntry {
  type: string;
  /** The type in plain words, as a screen shows it. */
  title: string;
  meanings: readonly Meaning[];
  /** Taken where a touchpoint names none. They never change for a known type: a derived id covers them. */
  channel: string;
  direction: Direction;
  properties: PropertySpecs;
  /** True = properties that are not listed are kept as they come. */
  open: boolean;
  /** True = written by Rapport alone: refused from anybody else. */
  reserved: boolean;
}

/** What an area file writes down; the rest has defaults. */
export type EntryDraft = Pick<CatalogueEntry, 'title'> &
  Partial<Pick<CatalogueEntry, 'meanings' | 'channel' | 'direction' | 'properties' | 'open' | 'reserved'>>;

export const UNKNOWN_CHANNEL = 'unknown';

/** Entries of one area, each with the area's channel unless it names its own. */
export function area(channel: string, drafts: { readonly [type: string]: EntryDraft }): CatalogueEntry[] {
  return Object.entries(drafts).map(([type, draft]) => ({
    type,
    title: draft.title,
    meanings: draft.meanings ?? [],
    channel: draft.channel ?? channel,
    direction: draft.direction ?? 'inbound',
    properties: draft.properties ?? {},
    open: draft.open ?? true,
    reserved: draft.reserved ?? false,
  }));
}

/** Amounts are added up exactly to a ten-thousandth as long as each is at most this, in whatever currency. */
export const MONEY_ABS_MAX = 1_000_000_000;

const text: PropertySpec = { type: 'string' };

/** Property groups that several areas share. */
export const MONEY: PropertySpecs = {
  value: { type: 'number', min: 0, max: MONEY_ABS_MAX },
  currency: text,
};
/** The size of what came back counts, whatever its sign: shops export returns either way. */
export const MONEY_BACK: PropertySpecs = {
  value: { type: 'number', min: -MONEY_ABS_MAX, max: MONEY_ABS_MAX },
  currency: text,
};
export const TICKET: PropertySpecs = { ticketId: text, category: text, priority: text };
export const ORDER: PropertySpecs = { orderId: text };
export const CAMPAIGN: PropertySpecs = { campaignId: text };
export const COUNT: PropertySpec = { type: 'number', min: 0, max: 1_000_000_000 };
export const TEXT = text;
