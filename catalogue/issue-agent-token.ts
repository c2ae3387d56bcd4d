import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { commonFields, toKeyPart, createReader, shortKey, tenantRef, text } from './input.js';
import type { EveryOrder, TenantRef } from '../contract/orders.js';
import { secretName, defaultSecretName, tokenLife, toSeconds } from './fields.js';
import { ISSUE_AGENT_TOKEN, type IssueAgentTokenOrder } from '../workflows/issue-agent-token/contract.js';

const schema = z
  .strictObject({
    tenant: tenantRef().optional(),
    user: z
      .strictObject({ login: text() })
      .optional()
      .describe('An existing user, whose machines register; or name a tenant'),
    expiresIn: tokenLife().default('1 hour').describe('How long the token is valid; short by default'),
    scopes: z
      .array(
        z
          .string()
          .max(100)
          .regex(/^[a-z_]+$/, 'must be a role of agents'),
      )
      .min(1)
      .default(['backup_agent_admin']),
    secret: secretName().optional().describe('Name of the token in the secret store'),
    ...commonFields,
  })
  .superRefine(({ tenant, user }, context) => {
    if ((tenant === undefined) === (user === undefined))
      context.addIssue({ code: 'custom', path: ['tenant'], message: 'name either a tenant or a user' });
  });

type TokenOwner = Pick<IssueAgentTokenOrder, 'externalRef'> & ({ tenant: TenantRef } | { user: { login: string } });
type ParsedInput = EveryOrder & TokenOwner & { scopes: string[]; expiresIn: string; secret?: string };

/** The business key: the caller's reference, else the tenant or the login. */
function keyOf(order: TokenOwner): string {
  return shortKey(order.externalRef ?? toKeyPart('user' in order ? order.user : order.tenant));
}

export const issueAgentTokenEntry: CatalogueEntry = {
  name: ISSUE_AGENT_TOKEN,
  summary: 'Issues a token with which agents register, and stores it in the secret store.',
  schema,
  read: createReader<IssueAgentTokenOrder>(schema, keyOf, ({ expiresIn, secret, ...order }: ParsedInput) => ({
    ...order,
    secret: secret ?? defaultSecretName('agent-token', keyOf(order)),
    expiresInSeconds: toSeconds(expiresIn),
  })),
};
