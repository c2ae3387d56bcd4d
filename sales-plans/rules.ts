import { z } from 'zod';
import { DURATION_MESSAGE, isDuration } from '../contract/durations.js';
import type { RuleAction, SaleRules } from '../contract/sales-plans.js';

const duration = () => z.string().refine(isDuration, DURATION_MESSAGE);

const action = () => z.enum(['notify', 'ask', 'suspend'] satisfies RuleAction[], 'must be notify, ask or suspend');

const days = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const time = String.raw`(?:[01]\d|2[0-3]):[0-5]\d`;
const between = new RegExp(`^${days}(?:-${days})? ${time}-${time}$`);

/** The rules as `plans.json` writes them. */
export const rulesShape = {
  pastDue: z
    .array(z.strictObject({ after: z.string().refine(isDelay, `${DURATION_MESSAGE}, or "0 days"`), do: action() }))
    .max(10)
    .describe('What happens while a payment is due, in order'),
  paused: action().describe('What happens while a subscription is paused'),
  ended: z
    .strictObject({
      suspendAfter: z
        .string()
        .refine((words) => words === 'never' || isDelay(words), `${DURATION_MESSAGE}, "0 days" or "never"`),
      offboard: z.enum(['ask', 'automatic'], 'must be ask or automatic'),
      grace: duration(),
    })
    .describe('What happens after the last subscription has ended'),
  trialEnded: action().describe('What happens when a trial has ended and nothing else was sold'),
  belowUse: z
    .enum(['keep', 'limitToUse', 'set'], 'must be keep, limitToUse or set')
    .describe('When a quota would fall below what is used'),
  steepFall: z
    .enum(['ask', 'apply'], 'must be ask or apply')
    .describe('When a quota falls by more than half, or an item is no longer sold'),
  unknownProduct: z
    .enum(['ask', 'ignore'], 'must be ask or ignore')
    .describe('When something is sold that no plan names'),
  actBetween: z
    .string()
    .regex(between, 'must be like "Mon-Thu 09:00-16:00"')
    .describe('When suspensions and deletions may begin'),
};

/** A duration, or none at all. */
function isDelay(words: string): boolean {
  return /^0 (second|minute|hour|day|week)s?$/.test(words) || isDuration(words);
}

/** What holds where a file says nothing. */
export const DEFAULT_RULES: SaleRules = {
  pastDue: [
    { after: '0 days', do: 'notify' },
    { after: '14 days', do: 'ask' },
  ],
  paused: 'suspend',
  ended: { suspendAfter: '7 days', offboard: 'ask', grace: '30 days' },
  trialEnded: 'ask',
  belowUse: 'keep',
  steepFall: 'ask',
  unknownProduct: 'ask',
};
