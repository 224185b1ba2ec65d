/** One line of text for a condition of plays, always the same for the same condition: it stands in the evidence of decisions. */
import { testText } from '../../language/canonical-condition';
import type { PlayCondition } from '../play';

export function playConditionText(condition: PlayCondition): string {
  switch (condition.fact) {
    case 'stage':
      return `stage ${condition.oneOf.join('|')}`;
    case 'openComplaint':
      return condition.is ? 'open complaint' : 'no open complaint';
    case 'driver':
      return `driver ${condition.oneOf.join('|')}`;
    case 'kind':
      return `kind ${condition.oneOf.join('|')}`;
    case 'trait':
      return `trait ${JSON.stringify(condition.trait)} ${testText(condition.test)}`;
    case 'enrolled':
      return `${condition.is ? '' : 'not '}enrolled in ${condition.play}`;
    case 'owed':
      return condition.is ? 'thanks owed' : 'no thanks owed';
    case 'consent':
      return `consent for ${condition.purpose} by ${condition.channel} ${condition.is}`;
  }
}
