import { z } from 'zod';
import { calendarKinds } from '../../client/overview/calendar.js';
import { changeKinds } from '../../client/overview/changes.js';
import { mismatchKinds } from '../../client/overview/reconcile.js';

const time = z.iso.datetime().describe('ISO 8601, UTC');
const text = z.string();
const missing = z.array(text).describe('What is not in this answer and why, in sentences');
const about = { ref: text.optional(), cloud: text.optional(), tenantId: text.optional() };

const overview = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), missing });

export const calendarSchema = overview(
  z.object({
    at: time,
    what: z.enum(calendarKinds),
    ...about,
    run: text.optional().describe('The run that does it'),
    why: text,
    stops: z.array(z.object({ what: text, command: text.optional() })).describe('What would stop it'),
    stopped: text.optional().describe('Why it does not happen then'),
  }),
).describe('What comes, soonest first');

export const reconcileSchema = overview(
  z.object({
    kind: z.enum(mismatchKinds),
    ...about,
    name: text.optional(),
    state: text.optional().describe('What the customer is doing'),
    field: text.optional(),
    sold: text.optional(),
    set: text.optional(),
    why: text,
  }),
)
  .extend({ notCompared: z.array(text).readonly().describe('What this product cannot compare, whoever asks') })
  .describe('Where what is sold and what is there do not agree');

const event = z.object({ at: time, event: text.optional(), type: text.optional() });

export const sourcesSchema = overview(
  z.object({
    name: text,
    kind: text,
    act: text,
    mode: text,
    lastEvent: event.optional(),
    silence: z
      .object({
        since: time,
        seconds: z.int(),
        usualSeconds: z.int().optional().describe('Absent while too few events are known'),
        isUnusual: z.boolean(),
      })
      .optional(),
    sends: z.enum(['yes', 'no', 'unknown']).describe('Whether the sender still sends, as far as that can be known'),
    sendsWhy: text,
    signatures: z
      .object({
        since: time.describe('When this gateway started: nothing before is known, nor what other gateways have seen'),
        good: z.int(),
        bad: z.int(),
        lastGood: event.optional(),
        lastBad: z.object({ at: time, reason: text }).optional(),
      })
      .optional(),
    sync: z
      .object({
        running: z.object({ run: text, since: time }).optional(),
        last: z.object({ at: time, listed: z.int(), delivered: z.int(), unusable: z.int() }).optional(),
        failed: z.object({ at: time, why: text }).optional(),
        next: time.optional(),
        notDaily: text.optional(),
      })
      .optional()
      .describe('Absent where the source cannot be listed'),
  }),
).describe('How each source is');

const cause = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('person'), name: text, verified: z.boolean() }),
  z.object({
    kind: z.literal('customer'),
    ref: text.optional(),
    id: text,
    lastEvent: z
      .object({ source: text, id: text, type: text, at: time })
      .optional()
      .describe('The last event that the customer had read before the run began'),
  }),
  z.object({ kind: z.literal('run'), id: text }),
]);

export const changesSchema = overview(
  z.object({
    at: time,
    kind: z.enum(changeKinds),
    what: text.describe('The operation, or what was said'),
    state: text.optional(),
    ...about,
    run: text.optional(),
    by: cause.optional().describe('Absent when nobody has recorded it'),
    why: text.optional(),
  }),
)
  .extend({ next: text.optional().describe('Continues the list: send it as "after"') })
  .describe('What was done, newest first');
