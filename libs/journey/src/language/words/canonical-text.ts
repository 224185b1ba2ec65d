/** Takes the canonical text of a condition apart again. Evidence is read years later, when the definition may be gone. */

/** The parts of a canonical condition; the bounds as they stand in it. */
export interface ConditionParts {
  measure: string;
  /** Selector as written: `purchase`, `advocacy [rating at least 4 or missing]`. */
  of: string;
  among?: string;
  property?: string;
  test?: string;
  atLeast?: string;
  atMost?: string;
  within?: string;
}

const SELECTOR = String.raw`[^\s[\]]+(?: \[.*\])?`;
const PROPERTY = String.raw`"(?:[^"\\]|\\.)*"`;
const BOUNDS = String.raw`(?: at least (?<atLeast>\S+))?(?: at most (?<atMost>\S+))?(?: within (?<within>\S+))?`;

const FORMS: readonly RegExp[] = [
  new RegExp(`^(?<measure>count|distinctDays|since|tenure) (?<of>${SELECTOR})${BOUNDS}$`, 's'),
  new RegExp(`^(?<measure>sum) (?<property>${PROPERTY}) of (?<of>${SELECTOR})${BOUNDS}$`, 's'),
  new RegExp(`^(?<measure>last) (?<property>${PROPERTY}) of (?<of>${SELECTOR}): (?<test>.*)$`, 's'),
  new RegExp(`^(?<measure>share) (?<of>${SELECTOR}) among (?<among>${SELECTOR})${BOUNDS}$`, 's'),
  new RegExp(`^(?<measure>engagement) (?<of>.+)$`, 's'),
];

/** undefined where the text is no canonical condition: then it is shown as it is. */
export function conditionParts(text: string): ConditionParts | undefined {
  for (const form of FORMS) {
    const found = form.exec(text)?.groups;
    if (found === undefined) continue;
    const { measure = '', of = '', property, ...rest } = found;
    return { measure, of, ...rest, property: property === undefined ? undefined : (JSON.parse(property) as string) };
  }
  return undefined;
}
