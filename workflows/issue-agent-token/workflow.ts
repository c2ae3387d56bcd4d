import { runOperation, type Begun, type Operation } from '../shared/operation.js';
import { takeTarget } from '../shared/target.js';
import { ISSUE_AGENT_TOKEN, issueAgentTokenAmendable, issueAgentTokenSteps } from './contract.js';
import type { IssueAgentTokenOrder, IssueAgentTokenResult, IssuedAgentToken } from './contract.js';

/** Issues a token by which agents register. Nothing is undone: a token that nobody needs expires by itself. */
export async function issueAgentToken(input: unknown): Promise<IssueAgentTokenResult> {
  return await runOperation(issuingAgentToken, input);
}

export const issuingAgentToken: Operation<IssueAgentTokenOrder, IssuedAgentToken> = {
  name: ISSUE_AGENT_TOKEN,
  steps: issueAgentTokenSteps,
  amendable: issueAgentTokenAmendable,
  story,
};

async function story({ order, cloud, run }: Begun<IssueAgentTokenOrder>): Promise<IssuedAgentToken> {
  const { expiresInSeconds, secret } = order;
  await run.look('checkSafe', { cloud }, { summary: 'Can the token be kept?' });
  const tenantId = await placeOf(order, cloud, run);
  const scopes = order.scopes.map((role) => `urn:acronis.com:tenant-id:${'user' in order ? tenantId : ''}:${role}`);
  const { tokenId, expiresAt } = await run.step(
    'issueAgentToken',
    { cloud, tenantId, scopes, expiresInSeconds, secret },
    { summary: `Kept as ${secret}` },
  );
  return { tenantId, secretRef: `store:${secret}`, tokenId, expiresAt };
}

/** The tenant in which the machines will be: the user's own, where the user has one. */
async function placeOf(order: IssueAgentTokenOrder, cloud: string, run: Begun<never>['run']): Promise<string> {
  if (!('user' in order)) return (await takeTarget(run, { cloud, tenant: order.tenant })).tenantId;
  const { login } = order.user;
  const { tenantId, personalTenantId } = await run.look(
    'findAccount',
    { cloud, login },
    { summary: `Who is ${login}?` },
  );
  run.know({ tenantId });
  return personalTenantId ?? tenantId;
}
