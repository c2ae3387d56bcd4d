import { z } from 'zod';
import type { InputProblem } from '../contract/errors.js';
import { subscriptionStates, type Fact } from '../contract/facts.js';
import { language } from './new-tenant.js';
import { isBroken, isTooDeep, joinPath, problemsOfForm, TOO_DEEP, withoutNulls } from './raw-input.js';
import { plainWords } from './wording.js';

const text = z.string().normalize('NFC').min(1).max(500);
/** The same form for all, because times are compared as text. */
const time = z.iso.datetime().transform((given) => new Date(given).toISOString());
const quantity = z.number().nonnegative().max(1e9);

const factSchema = z.object({
  source: text,
  event: z.object({ id: text, type: text }),
  asked: z.literal(true).optional(),
  at: time,
  version: z.number().optional(),
  customer: z.object({
    ref: text,
    name: text.optional(),
    // a language that no tenant can have is as if it was not said
    language: language().optional().catch(undefined),
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
            quantities: z.record(z.string(), quantity).optional(),
          }),
        )
        .max(1000),
      state: z.enum(subscriptionStates),
      since: time.optional(),
      until: time.optional(),
      trialEnd: time.optional(),
    })
    // a list replaces the one before, so an empty one would switch everything off
    .superRefine(({ ref, items, state }, { addIssue }) => {
      const message = `must not be empty before the subscription ${ref} has ended`;
      if (items.length === 0 && state !== 'ended') addIssue({ code: 'custom', path: ['items'], message });
    })
    .optional(),
});

/**
 * A fact of the far future would win over all others until then. The gateway refuses what is five minutes ahead; the
 * clock of a worker may be behind, and must not make it refuse what is true.
 */
const MOST_AHEAD_MS = 24 * 60 * 60 * 1000;

/**
 * Reads what a signal brought as a fact: anybody may send a signal. Undefined for anything else, and for a fact whose
 * time is more than a day ahead.
 */
export function readFact(value: unknown, now = Date.now()): Fact | undefined {
  if (!isReadable(value)) return undefined;
  const parsed = factSchema.safeParse(withoutNulls(value));
  if (!parsed.success || Date.parse(parsed.data.at) > now + MOST_AHEAD_MS) return undefined;
  return JSON.parse(JSON.stringify(parsed.data)) as Fact;
}

const namingSchema = z.object({
  source: text.catch(''),
  event: z.object({ id: text.catch(''), type: text.catch('') }).catch({ id: '', type: '' }),
});

/** What something that is no fact names as its source and event; empty where it names none. */
export function eventNamedIn(value: unknown): Pick<Fact, 'source' | 'event'> {
  const named = namingSchema.safeParse(isReadable(value) ? value : undefined);
  return named.data ?? { source: '', event: { id: '', type: '' } };
}

function isReadable(value: unknown): boolean {
  return !isTooDeep(value) && !isBroken(value);
}

/** Why a customer would not take this as a fact: too long, too large, no valid text. None when it would. */
export function problemsOfFact(fact: Fact): readonly InputProblem[] {
  if (isTooDeep(fact)) return [TOO_DEEP];
  const form = problemsOfForm(fact);
  if (form.length > 0) return form;
  const { error } = factSchema.safeParse(fact, { error: plainWords });
  return (error?.issues ?? []).map(({ path, message }) => ({ path: joinPath(path), message }));
}
