import { everyAmendable } from '../../contract/orders.js';
import { operation, type OperationContext } from '../kernel/operation.js';
import type { Leftover } from '../../contract/status.js';
import { takeTarget } from '../parts/target.js';
import { ISSUE_AGENT_TOKEN } from './contract.js';
import type { IssueAgentTokenOrder, IssuedAgentToken } from './contract.js';

/** Issues a token by which agents register, or leaves none behind that is good for anything. */
export const issueAgentToken = operation<IssueAgentTokenOrder, IssuedAgentToken>({
  name: ISSUE_AGENT_TOKEN,
  steps: (order) => ['checkSafe', 'user' in order ? 'findAccount' : 'findTenant', 'findAgentTokens', 'issueAgentToken'],
  amendable: { ...everyAmendable, secret: ['issueAgentToken'] },

  async run({ order, cloud, mark, reset, steps }) {
    const { expiresInSeconds, secret } = order;
    await steps.lookUp('checkSafe', { cloud }, { summary: 'Can the token be kept?' });
    const tenantId = await tenantOf(order, cloud, steps);
    const scopes = order.scopes.map((role) => `urn:acronis.com:tenant-id:${'user' in order ? tenantId : ''}:${role}`);
    const kept = { mark, secret, ...('user' in order && { login: order.user.login.toLowerCase() }) };
    const { known } = await steps.lookUp(
      'findAgentTokens',
      { cloud, tenantId, ...kept },
      { summary: 'Which tokens are there?' },
    );
    const spec = { cloud, tenantId, ...kept, scopes, expiresInSeconds, known };
    const issued = await steps.run(
      'issueAgentToken',
      { ...spec, look: reset === true },
      { summary: `Kept as ${secret}`, undo: ['revokeAgentToken', { ...spec, came: null }] },
    );
    const { inDoubt = [] } = issued;
    if (inDoubt.length > 0) steps.setFacts({ leftovers: inDoubt.map(leftOver) });
    return { tenantId, secretRef: `store:${secret}`, ...issued };
  },
});

function leftOver(id: string): Leftover {
  const reason = 'this run or somebody else has issued it besides; revoke it unless somebody knows it';
  return { kind: 'agent-token', id, reason };
}

/** The tenant in which the machines will be: the user's own, where the user has one. */
async function tenantOf(
  order: IssueAgentTokenOrder,
  cloud: string,
  steps: OperationContext<never>['steps'],
): Promise<string> {
  if (!('user' in order)) return (await takeTarget(steps, { cloud, tenant: order.tenant })).tenantId;
  const { login } = order.user;
  for (;;) {
    const account = await steps.lookUp('findAccount', { cloud, login }, { summary: `Who is ${login}?` });
    const { tenantId, personalTenantId } = account;
    // the user may be another one by now, or none
    if (await steps.takeTurn({ cloud, tenantId })) steps.invalidate('findAccount');
    else {
      steps.setFacts({ tenantId });
      return personalTenantId ?? tenantId;
    }
  }
}
