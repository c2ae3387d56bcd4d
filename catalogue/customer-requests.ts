import { z } from 'zod';
import type { CustomerRequest, CustomerRequestName } from '../contract/customer-requests.js';
import type { InputProblem } from '../contract/errors.js';
import { UUID } from '../contract/ids.js';
import { plainWords, problemsOf } from './wording.js';

const FORM_OF_DATE = 'must be a date, such as 2026-12-31T00:00:00Z';

const reason = z
  .string('is missing: say why')
  .trim()
  .min(1, 'is missing: say why')
  .max(1000)
  .describe('Why; kept in the status and in the history');

const until = z
  .string(FORM_OF_DATE)
  .superRefine((text, { addIssue }) => {
    const time = Date.parse(text);
    if (Number.isNaN(time)) addIssue(FORM_OF_DATE);
    else if (time <= Date.now()) addIssue(`${text} is over`);
  })
  .optional()
  .describe('When it ends by itself (ISO 8601)');

const name = z.string().max(255);
const administrator = z
  .union(
    [
      z.literal('none'),
      z.strictObject({
        email: z.string(),
        firstName: z.string().optional(),
        lastName: z.string().optional(),
        login: z.string().optional(),
      }),
    ],
    'must be "none", or a person with "email"',
  )
  .describe('Who becomes the administrator, where the plan asks');

/** What each request to a customer takes, besides who asks. */
export const customerRequestSchemas = {
  act: z.strictObject({ reason }),
  pause: z.strictObject({ reason, until }),
  hold: z.strictObject({ reason, until }),
  resume: z.strictObject({ reason }),
  adopt: z.strictObject({
    reason,
    tenantId: z.string('must be the id of a tenant').regex(UUID, 'must be the id of a tenant'),
  }),
  release: z.strictObject({ reason }),
  converge: z.strictObject({
    reason,
    fields: z
      .array(name, 'must be names')
      .max(1000)
      .optional()
      .describe('Fields of "different" to set, or of "notDone" to say yes to'),
    create: z.boolean().optional().describe('Create a tenant although one like it exists'),
    administrator: administrator.optional(),
  }),
  offboard: z.strictObject({ reason }),
  move: z.strictObject({
    reason,
    subscription: z
      .string('must be SOURCE/ID, such as shop/sub_1')
      .max(1000)
      .regex(/^[^/]+\/./s, 'must be SOURCE/ID, such as shop/sub_1'),
    to: z.string('must be the reference of a customer').min(1, 'must be the reference of a customer').max(1000),
  }),
} as const satisfies Record<CustomerRequestName, z.ZodType>;

/** Reads what goes with a request. Lists every problem with its field; unknown fields are problems. */
export function readCustomerRequest(
  request: CustomerRequestName,
  given: unknown,
): { fields: Omit<CustomerRequest, 'actor'> } | { problems: InputProblem[] } {
  const reading = customerRequestSchemas[request].safeParse(given, { error: plainWords });
  if (!reading.success) return { problems: problemsOf(reading.error) };
  return { fields: reading.data };
}
