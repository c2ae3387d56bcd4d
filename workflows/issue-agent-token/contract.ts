import type { EveryOrder, TenantRef } from '../../contract/orders.js';

/** The Temporal workflow type. */
export const ISSUE_AGENT_TOKEN = 'issueAgentToken';

/** Whose machines can use the token, how long it is valid, and where it is stored. */
export type IssueAgentTokenOrder = EveryOrder & {
  expiresInSeconds: number;
  /** Roles that a registering agent gets. */
  scopes: string[];
  /** Name in the secret store. */
  secret: string;
} & ({ tenant: TenantRef } | { user: { login: string } });

export interface IssuedAgentToken {
  tenantId: string;
  /** Where the token is stored; there is no other copy. */
  secretRef: string;
  tokenId: string;
  expiresAt: string | null;
  /** Other tokens that this run may have issued, after a call without answer. */
  inDoubt?: string[];
}
