import { z } from 'zod';
import { optionalText, readEnvironment, readSettings, type Environment } from './reader.js';

/** Where the sales plans are described. */
export const plansSettings = z
  .looseObject({
    TENANTRY_PLANS: optionalText({
      meaning: 'Path of `plans.json`, which says what a thing sold means. See [sales plans](sales-plans.md).',
    }),
  })
  .transform(({ TENANTRY_PLANS: path }) => ({ path }))
  .meta({ title: 'Sales plans' });

/** The path of `plans.json`; undefined when none is set. */
export function loadPlansPath(given?: Environment): string | undefined {
  return readSettings(z.object({ plans: plansSettings }), readEnvironment(given)).plans.path;
}
