import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const ISSUE_AGENT_TOKEN = 'issueAgentToken';

/** For whose machines the token is, how long it is good, and where it is kept. */
export type IssueAgentTokenOrder = EveryOrder & {
  expiresInSeconds: number;
  /** Roles that a registering agent gets. */
  scopes: string[];
  /** Name in the secret store. */
  secret: string;
} & ({ tenant: TenantRef } | { user: { login: string } });

export interface IssuedAgentToken {
  tenantId: string;
  /** Where the token is kept; it is nowhere else. */
  secretRef: string;
  tokenId: string;
  expiresAt: string | null;
  /** Tokens that this run may have issued besides, when an answer was lost and nobody can tell. */
  inDoubt?: string[];
}

export type IssueAgentTokenResult = Completed & IssuedAgentToken;
