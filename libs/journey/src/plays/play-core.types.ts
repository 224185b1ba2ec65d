/**
 * The entry points of plays, as signatures. Builders write the functions under these names in lower camel case (`parsePlays`,
 * `compilePlays`, `stepPlays`, ...); `advance` calls them. All pure: what they say depends on what they are handed.
 */
import type { ConditionEvidence, Decision } from '../decision';
import type { Engagement, Fault } from '../definition';
import type { ProfileState } from '../language/profile/profile';
import type { FoldedTouchpoint, TimelineItem } from '../touchpoint';
import type { CompiledDefinition } from '../core/compile-definition';
import type { JourneyState } from '../core/journey-state';
import type { PackedReader, PackedWriter } from '../core/packed-bytes';
import type { FaultList } from '../language/definition/fault-list';
import type { GuardName, GuardsDefinition } from './guards.types';
import type { LedgerRole, LedgerRules } from './ledger.types';
import type { CompiledPlay } from './compile/compiled-play';
import type { ChannelName, PlaysPart, PlayWarning, Team, Verb } from './play';
import type { PlayDecision, PlayCause } from './play-decisions';
import type { PlayCommand } from './play-inputs';
import type { PlayState } from './play-state';

// ---- language --------------------------------------------------------------------------------------------

export interface PlaysContext {
  stages: readonly string[];
  timeZone: string;
  /** Registered channels; the parser knows no other way of acting. */
  channels: readonly string[];
}

/**
 * The keys plays, guards, teams and templates of a definition document. Adds every fault, each with its path and a mend, and
 * returns what is left; undefined where there are faults. Warnings refuse nothing.
 */
export type ParsePlays = (
  document: { plays?: unknown; guards?: unknown; teams?: unknown; templates?: unknown },
  context: PlaysContext,
  faults: FaultList,
) => { part: PlaysPart; warnings: PlayWarning[] } | undefined;

/** One play, template or guards file of a folder, and what it is. */
export interface PlayFile {
  /** `plays/after-the-deed.yaml`, `templates/thanks.liquid` ...: relative, with `/`. */
  name: string;
  text: string;
}

/**
 * A definition and the files beside it as one document, which is what a DefinitionPublished holds. Equal files give equal
 * text, whatever their order. Faults name file and line. `lineOf`: ` (templates/x.liquid line 4)` of a JSON pointer into the document,
 * for faults that are found by others; '' where unknown.
 */
export type ComposeDocument = (
  definition: PlayFile,
  files: readonly PlayFile[],
) =>
  | { ok: true; document: string; warnings: PlayWarning[]; lineOf: (pointer: string) => string }
  | { ok: false; faults: Fault[] };

/** Canonical JSON of the part, defaults filled in; '' where there is none, so that documents without plays stay what they are. */
export type CanonicalPlays = (part: PlaysPart | null) => { [name: string]: unknown };

// ---- compiled ----------------------------------------------------------------------------------------------

/**
 * Beside the stages in a CompiledDefinition; null where neither this version nor those kept before it have plays: then nothing
 * below is ever called. Outcomes are told apart without it, by OutcomeOf: they outlive the plays that asked for them.
 */
export interface CompiledPlays {
  /** Plays of this version, by order. */
  readonly plays: readonly CompiledPlay[];
  readonly guards: GuardsDefinition;
  readonly teams: readonly Team[];
  readonly ledger: LedgerRules;
  readonly timeZone: string;
  /** Under the version that an enrolment follows; undefined = retired. */
  of(play: string, version: number): CompiledPlay | undefined;
  /** Of this version. */
  current(play: string): CompiledPlay | undefined;
  /** The play that says the same, under the lowest version that still says it. */
  equalTo(text: string): CompiledPlay | undefined;
  /** What a type may do to plays; asked once for each type. */
  plan(type: string): PlayTypePlan | null;
  /** Plays of this version that a change of stage, or of engagement, may trigger. */
  readonly onStage: readonly CompiledPlay[];
  readonly onEngagement: readonly CompiledPlay[];
}

/** What a touchpoint of one type may do to plays, found with the TypePlan. Null in it = nothing, for customers with nothing under way. */
export interface PlayTypePlan {
  /** Plays that it may trigger, and those that read a date from it. */
  triggers: readonly CompiledPlay[];
  dates: readonly CompiledPlay[];
  ledger: LedgerRole | null;
  /** consent.given, consent.withdrawn, profile.updated: `CustomerFacts.learn` is called. */
  profile: boolean;
  /** Whether it does nothing but feed the ledger. */
  ofLedgerAlone: boolean;
}

// ---- what the caller hands to advance -----------------------------------------------------------------------

/** Asked only where a play needs it. The answers must be functions of the log up to this input. */
export interface CustomerFacts {
  readonly customerId: string;
  profile(): ProfileState;
  /** The touchpoint is folded and the timers before it have fired: takes it into the profile. Called at most once for each input. */
  learn(touchpoint: FoldedTouchpoint): void;
  /** Whether the play was paused at `at`. `timer`: a timer due exactly when the pause began still enters. */
  paused(play: string, at: number, timer: boolean): boolean;
}

/** New kinds of Input. Both are live inputs: pending history settles first. */
export type PlayInput =
  { kind: 'command'; command: PlayCommand; at: number } | { kind: 'audience'; play: string; run: number; at: number };

// ---- stepping ---------------------------------------------------------------------------------------------

/** What this instant brings, in the order in which advance found it. Built only where plays may care. */
export interface PlayMoment {
  at: number;
  cause: PlayCause;
  /** False while history settles: nothing is triggered and nothing acts. */
  live: boolean;
  touchpoint: FoldedTouchpoint | null;
  plan: PlayTypePlan | null;
  /** Changes of stage and engagement decided at this very instant. */
  stage: { from: string | null; to: string } | null;
  engagement: { from: Engagement | null; to: Engagement } | null;
  command: PlayCommand | null;
  audience: { play: string; run: number } | null;
}

/**
 * One instant of one customer, after engagement and stages. Works in place on `state.plays` (made where needed, set to null
 * again where nothing is left) and leaves `plays.due`. Order: outcome or command, ledger, goals, exits, waits that end, triggers,
 * then all candidates together by priority until none is left (decisions/0011). Where PlaysNeedTimeline said yes, the caller has
 * folded the ledger again before.
 */
export type StepPlays = (state: JourneyState, moment: PlayMoment, facts: CustomerFacts, decisions: Decision[]) => void;

/**
 * Whether a touchpoint is an outcome: one of the five types, source RAPPORT_SOURCE and an action id. Then it is folded into no
 * fact of the stages, whatever the definition. TypePlan keeps the part that the type decides, so that others pay one flag.
 */
export type OutcomeOf = (touchpoint: FoldedTouchpoint) => { action: string } | null;

/** Asked before anything is changed: whether this touchpoint is older than what the ledger has folded. */
export type PlaysNeedTimeline = (
  state: JourneyState,
  touchpoint: FoldedTouchpoint,
  plan: PlayTypePlan | null,
) => boolean;

/**
 * After a settling: the ledger folded again from the timeline, then what the newly settled history says to enrolments, by
 * (occurredAt, touchpointId): conversions, ends of waitFor (phase `ready`), exits. Triggers nothing, acts nowhere.
 */
export type SettlePlays = (
  before: PlayState | null,
  corrected: JourneyState,
  timeline: readonly TimelineItem[],
  newlySettled: readonly FoldedTouchpoint[],
  moment: number,
  facts: CustomerFacts,
  decisions: Decision[],
) => void;

/** Under a newer definition: migrates, retires, keeps; folds the ledger again for its limits. */
export type AdoptPlays = (
  before: JourneyState,
  adopted: JourneyState,
  timeline: readonly TimelineItem[],
  at: number,
  /** Undefined only where the newer definition has no plays. */
  facts: CustomerFacts | undefined,
  decisions: Decision[],
) => void;

export type ClonePlays = (plays: PlayState) => PlayState;

/** Behind the state's own bytes, only where `plays` is not null: states without plays keep their bytes. Moments are differences to `base`. */
export type EncodePlays = (plays: PlayState, writer: PackedWriter, base: number) => void;
/** `due` is derived here. */
export type DecodePlays = (compiled: CompiledDefinition, reader: PackedReader, base: number) => PlayState;

/** Uniform in [0, 1): holdout and splits. Independent of versions; another hash than the partition's. */
export type ShareOf = (customerId: string, salt: string, purpose: string) => number;

export type ActionIdOf = (customerId: string, play: string, enrolment: number, step: string, round: number) => string;

/** A condition of plays at a moment; leaves in the evaluation clock when time alone may change it. */
export type PlayRuleHolds = (state: JourneyState, rule: unknown, facts: CustomerFacts, at: number) => boolean;

// ---- questions (packages B and C) ------------------------------------------------------------------------------------------

export interface WhyNot {
  play: string;
  /** Whether it would be entered, or its present step would act, now. */
  now: boolean;
  /** The next step that acts. */
  step?: string;
  reasons: {
    reason: GuardName | 'who' | 'again' | 'live' | 'holdout' | 'paused' | 'noTrigger';
    detail: string;
    until: number | null;
  }[];
  evidence: ConditionEvidence[];
  /**
   * Every step ahead that acts, in the order of the document, the next one first: what the guards would say to it today. Which of the
   * arms of a branch or a split is taken shows only when it is reached.
   */
  ahead: WhyNotStep[];
}

export interface WhyNotStep {
  step: string;
  verb: Verb;
  what: string;
  channel: ChannelName;
  reasons: { reason: GuardName; detail: string; until: number | null }[];
}

/** Runs `who`, `again` and every guard without stopping at the first. Changes nothing. */
export type WhyNotPlay = (state: JourneyState, play: string, facts: CustomerFacts, at: number) => WhyNot | null;

// ---- verification by separate, naive code -------------------------------------------------------------------------

export interface PlayViolation {
  law: string;
  detail: string;
  positions: number[];
}

/** Reads one customer's inputs and decisions from the raw log and checks the laws of issue 5 section 8 on them. Shares no code with the saga. */
export type CheckPlayLaws = (
  part: PlaysPart,
  timeZone: string,
  customer: {
    customerId: string;
    /** All of them: ticks, settlings and audience runs too, as a position and a moment alone. */
    inputs: { position: number; at: number; touchpoint?: FoldedTouchpoint; command?: PlayCommand }[];
    decisions: { position: number; decision: Decision | PlayDecision }[];
  },
) => PlayViolation[];
