/** Which touchpoints a trigger, a waitFor, a goal or a date looks at. Outcomes of actions are none of them. */
import type { Selector } from '../../definition';
import type { FoldedTouchpoint } from '../../touchpoint';
import { CompiledSelector } from '../../core/selector';
import { outcomeOf } from '../outcome';

/** Types are data of users: what is found of so many is kept, then forgotten together. */
const TYPES_REMEMBERED_MAX = 4_096;

/** What a type means. */
export interface TypeMeanings {
  meanings(type: string): readonly string[];
}

export class PlaySelector {
  private readonly compiled: CompiledSelector;
  private readonly types = new Map<string, boolean>();

  constructor(
    readonly selector: Selector,
    private readonly catalogue: TypeMeanings,
  ) {
    this.compiled = new CompiledSelector(selector);
  }

  /** The part that the type decides. */
  matchesType(type: string): boolean {
    let matches = this.types.get(type);
    if (matches === undefined) {
      if (this.types.size >= TYPES_REMEMBERED_MAX) this.types.clear();
      this.types.set(type, (matches = this.compiled.matchesType(type, this.catalogue.meanings(type))));
    }
    return matches;
  }

  matches(touchpoint: FoldedTouchpoint): boolean {
    if (!this.matchesType(touchpoint.type) || !this.compiled.matchesRest(touchpoint)) return false;
    return outcomeOf(touchpoint) === null;
  }
}
