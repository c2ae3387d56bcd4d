import { z } from 'zod';
import { customerRequests } from '../../contract/customer-requests.js';
import { customerStates } from '../../contract/customers.js';
import { subscriptionStates } from '../../contract/facts.js';
import { operationStates } from '../../contract/status.js';
import { milestonesSchema, protectionSchema } from './protection-schemas.js';

const time = z.iso.datetime().describe('ISO 8601, UTC');
const amount = z.union([z.string(), z.number()]);

const tenantState = z.object({
  exists: z.boolean(),
  enabled: z.boolean(),
  offeringItems: z.array(z.string()),
  edition: z.string().optional(),
  quotas: z
    .record(z.string(), z.object({ limit: amount, overage: amount.optional() }))
    .describe('An item without a quota is unlimited'),
  billingMode: z.enum(['trial', 'production']),
  name: z.string().optional(),
  language: z.string().optional(),
  contact: z
    .object({ email: z.string(), firstName: z.string().optional(), lastName: z.string().optional() })
    .optional(),
});

const subscription = z.object({
  source: z.string(),
  ref: z.string(),
  items: z.array(z.object({ plan: z.string().optional(), product: z.string().optional(), quantity: z.number() })),
  state: z.enum(subscriptionStates),
  since: time,
  until: time.optional(),
  trialEnd: time.optional(),
  moved: z
    .object({
      owner: z.string(),
      others: z.array(z.string()),
      openSince: time.optional(),
      by: z.object({ actor: z.string(), reason: z.string(), at: time }).optional(),
    })
    .optional()
    .describe('Whose it is, where several customers have heard of it'),
});

const verified = z.boolean().optional().describe('Whether a worker has verified the actor');
const halt = z.object({ actor: z.string(), verified, reason: z.string(), since: time, until: z.string().optional() });

const run = z.object({
  operation: z.string(),
  id: z.string(),
  state: z.enum(operationStates),
  waitsFor: z.string().optional(),
});

const blocked = z.object({
  type: z.string(),
  message: z.string(),
  since: time.optional(),
  run: z.string().optional(),
  choices: z.array(z.string()).readonly().optional(),
});

const coming = z.object({
  what: z.enum(['begin', 'end', 'suspend', 'ask', 'notify', 'trialEnd', 'offboard']),
  at: time,
  why: z.string(),
});

const event = z.object({
  source: z.string(),
  id: z.string(),
  type: z.string(),
  at: time,
  outcome: z.enum(['applied', 'repeated', 'older', 'ignored', 'recorded']),
});

export const customerSchema = z
  .object({
    ref: z.string(),
    cloud: z.string(),
    state: z.enum(customerStates),
    tenantId: z.string().optional(),
    subscriptions: z.array(subscription),
    observed: z.boolean().optional().describe('True while nothing is done for it'),
    notDone: z.array(z.object({ field: z.string(), why: z.string() })).optional(),
    wanted: tenantState.describe('What all that is sold asks for'),
    applied: tenantState.optional().describe('What the tenant has'),
    different: z
      .array(z.object({ field: z.string(), wanted: z.unknown(), is: z.unknown(), since: time }))
      .optional()
      .describe('What people have changed in the cloud'),
    paused: halt.optional(),
    held: halt.optional(),
    running: run.optional(),
    blocked: blocked.optional(),
    milestones: milestonesSchema,
    protection: protectionSchema(run, blocked).optional(),
    runs: z.array(run).describe('The newest 50, newest last'),
    next: coming.optional().describe('What will happen by time alone'),
    wouldDo: z.object({ operation: z.string(), why: z.string(), input: z.looseObject({}) }).optional(),
    waitingFor: z.string().optional(),
    unread: z.int().optional().describe('Facts that wait for a worker that can read them'),
    events: z.array(event).describe('The newest 50, newest last'),
  })
  .describe('Everything about a customer, as the command "tenantry customer REF --json" shows it');

export const customerListSchema = z.object({
  items: z.array(
    z.object({
      id: z.string().describe('The id of its workflow in Temporal'),
      ref: z.string().optional().describe('Absent when it is an e-mail address that no search has read'),
      cloud: z.string(),
      state: z.string().describe(customerStates.join(', ')),
      tenantId: z.string().optional(),
      name: z.string().optional().describe('Only where a search has read it'),
      needsPerson: z.literal(true).optional().describe('It does not go on without a person'),
      since: time.describe('When its workflow began'),
    }),
  ),
  next: z.string().optional().describe('Continues the list: send it as "after"'),
  missing: z.array(z.string()).optional().describe('Only with "search": where nobody could look and why, in sentences'),
});

export const acceptedSchema = z
  .object({ request: z.enum(customerRequests), actor: z.string(), verified, reason: z.string(), at: time })
  .describe('The request as the customer has accepted it');
