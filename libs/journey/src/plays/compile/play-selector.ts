/** Which touchpoints a trigger, a waitFor, a goal or a date looks at. Outcomes of actions are none of them. */
import type { Selector } from '../../definition';
import type { FoldedTouchpoint } from '../../touchpoint';
import { CompiledSelector } from '../../core/selector';
import { outcomeOf } from '../outcome';

/** What a type means. */
export interface TypeMeanings {
  meanings(type: string): readonly string[];
}

export class PlaySelector {
  private readonly compiled: CompiledSelector;

  constructor(
    readonly selector: Selector,
    private readonly catalogue: TypeMeanings,
  ) {
    this.compiled = new CompiledSelector(selector);
  }

  /** The part that the type decides. */
  matchesType(type: string): boolean {
    return this.compiled.matchesType(type, this.catalogue.meanings(type));
  }

  matches(touchpoint: FoldedTouchpoint): boolean {
    if (!this.matchesType(touchpoint.type) || !this.compiled.matchesRest(touchpoint)) return false;
    return outcomeOf(touchpoint) === null;
  }
}
