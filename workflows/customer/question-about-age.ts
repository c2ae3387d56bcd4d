import type { NotDone } from '../../contract/customers.js';
import { agreement, type Situation } from './intention.js';

/** The field by which a person says yes to what is sold by late facts. */
export const AGE = 'age';

/** An event that comes so late may speak of a customer that has ended meanwhile and is forgotten. */
export function questionAboutAge({ wanted: { late }, agreed = {} }: Situation): NotDone[] {
  if (late === undefined || agreed[AGE] === agreement(late)) return [];
  const why =
    `${late.join(', and ')}: it came more than 35 days later, and its source has no apiKey by which we could ask ` +
    `whether it is still so. If it is, say "converge" with the field "${AGE}"`;
  return [{ field: AGE, why }];
}
