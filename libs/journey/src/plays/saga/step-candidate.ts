/** A step that wants to act, as guards and rivals see it. */
import { actionIdOf } from '../action-id';
import type { Candidate } from '../guards.types';
import { THANKS } from '../ledger/gives';
import type { ActStep, ChannelName, IfWithheld, Play, Verb } from '../play';

/** Made up only where somebody asks for it: most answers are the same as before, and a digest costs more than a guard. */
export class ActionId {
  private made = '';

  constructor(
    private readonly customerId: string,
    private readonly play: string,
    private readonly enrolment: number,
    private readonly step: string,
    private readonly round: number,
  ) {}

  get text(): string {
    if (this.made === '') this.made = actionIdOf(this.customerId, this.play, this.enrolment, this.step, this.round);
    return this.made;
  }
}

export class StepCandidate implements Candidate {
  readonly verb: Verb;
  readonly what: string;
  readonly channel: ChannelName;
  readonly purpose: string;
  readonly settlesOwed: boolean;
  readonly priority: number;
  readonly path: string;
  readonly staleAfter: number;
  readonly sendWithin: number;
  readonly ifWithheld: IfWithheld | undefined;

  constructor(
    play: Play,
    step: ActStep,
    private readonly id: ActionId,
    readonly order: number,
    readonly reachedAt: number,
    owed: boolean,
  ) {
    this.verb = step.verb;
    this.what = step.what;
    this.channel = step.by;
    this.purpose = play.purpose;
    this.settlesOwed = owed && step.verb === 'give' && step.what === THANKS;
    this.priority = play.priority;
    this.path = step.path;
    this.staleAfter = step.staleAfter;
    this.sendWithin = step.sendWithin;
    this.ifWithheld = step.ifWithheld;
  }

  get action(): string {
    return this.id.text;
  }
}
