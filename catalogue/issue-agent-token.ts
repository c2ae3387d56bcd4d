import { durationMs } from '../contract/durations.js';
import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { duration, everyOperation, keyWord, reader, shortKey, tenantRef, text } from './input.js';
import type { EveryOrder, TenantRef } from '../contract/orders.js';
import { storedName, storeName } from './stored-names.js';
import { ISSUE_AGENT_TOKEN, type IssueAgentTokenOrder } from '../workflows/issue-agent-token/contract.js';

const YEAR_S = 365 * 24 * 60 * 60;
const seconds = (words: string) => Math.floor(durationMs(words) / 1000);

const schema = z
  .strictObject({
    tenant: tenantRef().optional(),
    user: z
      .strictObject({ login: text() })
      .optional()
      .describe('An existing user, whose machines register; or name a tenant'),
    expiresIn: duration()
      .refine((words) => seconds(words) <= YEAR_S, 'must be a year at most')
      .default('1 hour')
      .describe('How long the token is good; short by default'),
    scopes: z
      .array(z.string().regex(/^[a-z_]+$/, 'must be a role of agents'))
      .min(1)
      .default(['backup_agent_admin']),
    secret: storedName().optional().describe('Name under which the token is kept in the secret store'),
    ...everyOperation,
  })
  .superRefine(({ tenant, user }, context) => {
    if ((tenant === undefined) === (user === undefined))
      context.addIssue({ code: 'custom', path: ['tenant'], message: 'name either a tenant or a user' });
  });

type Whose = Pick<IssueAgentTokenOrder, 'externalRef'> & ({ tenant: TenantRef } | { user: { login: string } });
type Read = EveryOrder & Whose & { scopes: string[]; expiresIn: string; secret?: string };

/** The key: the caller's own reference, else the tenant or the login. */
function keyOf(order: Whose): string {
  return shortKey(order.externalRef ?? keyWord('user' in order ? order.user : order.tenant));
}

export const issueAgentTokenEntry: CatalogueEntry = {
  name: ISSUE_AGENT_TOKEN,
  summary: 'Issues a token by which agents register, and keeps it in the secret store.',
  schema,
  read: reader<IssueAgentTokenOrder>(schema, keyOf, ({ expiresIn, secret, ...order }: Read) => ({
    ...order,
    secret: secret ?? storeName('agent-token', keyOf(order)),
    expiresInSeconds: seconds(expiresIn),
  })),
};
