import { z } from 'zod';
import { subscriptionStates, type Fact } from '../contract/facts.js';
import { isTooDeep, problemsOfForm, withoutNulls } from './raw-input.js';

const text = z.string().min(1).max(500);
const time = z.iso.datetime();
const quantity = z.number().nonnegative().max(1e9);

const factSchema = z.object({
  source: text,
  event: z.object({ id: text, type: text }),
  at: time,
  version: z.number().optional(),
  customer: z.object({
    ref: text,
    name: text.optional(),
    language: text.optional(),
    contact: z.object({ email: text, firstName: text.optional(), lastName: text.optional() }).optional(),
    login: text.optional(),
  }),
  subscription: z
    .object({
      ref: text,
      items: z
        .array(
          z.object({
            plan: text.optional(),
            product: text.optional(),
            aliases: z.array(text).max(20).optional(),
            quantity: quantity.optional(),
            quantities: z.record(z.string(), z.number()).optional(),
          }),
        )
        .max(1000),
      state: z.enum(subscriptionStates),
      since: time.optional(),
      until: time.optional(),
      trialEnd: time.optional(),
    })
    .optional(),
});

/** Reads what a signal brought as a fact: anybody may send a signal. Undefined for anything else. */
export function readFact(value: unknown): Fact | undefined {
  if (isTooDeep(value) || problemsOfForm(value).length > 0) return undefined;
  const parsed = factSchema.safeParse(withoutNulls(value));
  return parsed.success ? (JSON.parse(JSON.stringify(parsed.data)) as Fact) : undefined;
}
