import { z } from 'zod';
import { defaultBrakeLimits, MOST_COUNTED, type BrakeLimits } from '../contract/brake.js';
import { optionalText } from './reader.js';
import { parseJson } from '../contract/json.js';

const EXAMPLE = JSON.stringify(defaultBrakeLimits);
const { hour, hourShare, day, dayShare, creations } = defaultBrakeLimits;

const numberMessage = `must be a whole number from 0 to ${MOST_COUNTED}`;
const number = z.int(numberMessage).min(0, numberMessage).max(MOST_COUNTED, numberMessage);
const shareMessage = 'must be a share from 0 to 1, such as 0.01';
const share = z.number(shareMessage).min(0, shareMessage).max(1, shareMessage);

const limitsSchema = z.strictObject(
  {
    hour: number.default(hour),
    hourShare: share.default(hourShare),
    day: number.default(day),
    dayShare: share.default(dayShare),
    creations: number.default(creations),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has no field ${issue.keys.join(', ')}; its fields are ${Object.keys(defaultBrakeLimits).join(', ')}`
        : `must be "off" or JSON such as ${EXAMPLE}`,
  },
);

/** How much customers may lose at a time before a person must decide. */
export const brakeSettings = z
  .looseObject({
    TENANTRY_BRAKE: optionalText({
      meaning:
        'How many customers of a cloud may lose something before a person must decide; see [brake](brake.md). JSON; a field ' +
        'that is absent is as below. `off`: no limits.',
      default: `\`${EXAMPLE}\``,
    }),
  })
  .transform(({ TENANTRY_BRAKE: text }, context): { limits: BrakeLimits | 'off' } => {
    if (text === 'off') return { limits: 'off' };
    const parsed = limitsSchema.safeParse(parseJson(text || '{}'));
    if (parsed.success) return { limits: parsed.data };
    for (const { path, message } of parsed.error.issues)
      context.addIssue({ code: 'custom', path: ['TENANTRY_BRAKE'], message: [...path, message].join(' ') });
    return z.NEVER;
  })
  .meta({ title: 'Brake' });
