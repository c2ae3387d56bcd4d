import { z } from 'zod';
import { parseKeys, weaknessesOf } from '../vault/keys.js';
import { isProduction } from './production.js';
import { about } from './reader.js';

const NAME = 'TENANTRY_ACTOR_KEYS';

/** What proves to workers who has decided by the HTTP API or the page. */
export const actorKeySettings = z
  .looseObject({
    [NAME]: z
      .string()
      .transform((text, context) => {
        try {
          return parseKeys(text);
        } catch (error) {
          context.addIssue({ code: 'custom', message: (error as Error).message });
          return z.NEVER;
        }
      })
      .optional()
      .register(about, {
        meaning:
          'Keys as `id:key`, separated by commas: with the first one the gateway signs who decides, with all of them a ' +
          'worker checks it. Give gateway and workers the same; see [security](security.md#who-has-decided).',
        default: 'no decision has a verified actor',
        file: true,
        secret: true,
      }),
  })
  .superRefine((values, context) => {
    const { [NAME]: keys } = values;
    for (const message of keys !== undefined && isProduction(values) ? weaknessesOf(keys) : [])
      context.addIssue({ code: 'custom', path: [NAME], message });
  })
  .transform(({ [NAME]: actorKeys }) => ({ actorKeys }))
  .meta({ title: 'Who has decided' });
