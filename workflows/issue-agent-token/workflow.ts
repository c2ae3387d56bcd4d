import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import type { Leftover } from '../../contract/status.js';
import { takeTarget } from '../parts/target.js';
import { ISSUE_AGENT_TOKEN, issueAgentTokenAmendable, issueAgentTokenSteps } from './contract.js';
import type { IssueAgentTokenOrder, IssueAgentTokenResult, IssuedAgentToken } from './contract.js';

/** Issues a token by which agents register, or leaves none behind that is good for anything. */
export async function issueAgentToken(input: unknown): Promise<IssueAgentTokenResult> {
  return await runOperation(issuingAgentToken, input);
}

export const issuingAgentToken: Operation<IssueAgentTokenOrder, IssuedAgentToken> = {
  name: ISSUE_AGENT_TOKEN,
  steps: issueAgentTokenSteps,
  amendable: issueAgentTokenAmendable,
  story,
};

async function story({ order, cloud, mark, reset, run }: Begun<IssueAgentTokenOrder>): Promise<IssuedAgentToken> {
  const { expiresInSeconds, secret } = order;
  await run.look('checkSafe', { cloud }, { summary: 'Can the token be kept?' });
  const tenantId = await placeOf(order, cloud, run);
  const scopes = order.scopes.map((role) => `urn:acronis.com:tenant-id:${'user' in order ? tenantId : ''}:${role}`);
  const { known } = await run.look('findAgentTokens', { cloud, tenantId }, { summary: 'Which tokens are there?' });
  const spec = { cloud, mark, tenantId, scopes, expiresInSeconds, secret, known };
  const issued = await run.step(
    'issueAgentToken',
    { ...spec, look: reset === true },
    { summary: `Kept as ${secret}`, undo: ['revokeAgentToken', { ...spec, came: null }] },
  );
  const { inDoubt = [] } = issued;
  if (inDoubt.length > 0) run.know({ leftovers: inDoubt.map(leftOver) });
  return { tenantId, secretRef: `store:${secret}`, ...issued };
}

function leftOver(id: string): Leftover {
  const reason = 'this run or somebody else has issued it besides; revoke it unless somebody knows it';
  return { kind: 'agent-token', id, reason };
}

/** The tenant in which the machines will be: the user's own, where the user has one. */
async function placeOf(order: IssueAgentTokenOrder, cloud: string, run: Begun<never>['run']): Promise<string> {
  if (!('user' in order)) return (await takeTarget(run, { cloud, tenant: order.tenant })).tenantId;
  const { login } = order.user;
  for (;;) {
    const account = await run.look('findAccount', { cloud, login }, { summary: `Who is ${login}?` });
    const { tenantId, personalTenantId } = account;
    // the user may be another one by now, or none
    if (await run.turn({ cloud, tenantId })) run.forget('findAccount');
    else {
      run.know({ tenantId });
      return personalTenantId ?? tenantId;
    }
  }
}
