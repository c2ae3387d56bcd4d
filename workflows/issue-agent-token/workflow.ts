import { everyAmendable } from '../../contract/orders.js';
import { operation, type OperationContext } from '../kernel/operation.js';
import { possibleDoubles } from '../parts/possible-doubles.js';
import { takeTarget } from '../parts/take-target.js';
import { ISSUE_AGENT_TOKEN } from './contract.js';
import type { IssueAgentTokenOrder, IssuedAgentToken } from './contract.js';

/** Issues a token with which agents register, or leaves no valid one behind. */
export const issueAgentToken = operation<IssueAgentTokenOrder, IssuedAgentToken>({
  name: ISSUE_AGENT_TOKEN,
  steps: (order) => ['checkSafe', 'user' in order ? 'findAccount' : 'findTenant', 'findAgentTokens', 'issueAgentToken'],
  amendable: { ...everyAmendable, secret: ['issueAgentToken'] },

  async run({ order, cloud, mark, wasReset, steps }) {
    const { expiresInSeconds, secret } = order;
    await steps.lookUp('checkSafe', { cloud }, { summary: 'Can the token be stored?' });
    const tenantId = await takeTenant(order, cloud, steps);
    const scopes = order.scopes.map((role) => `urn:acronis.com:tenant-id:${'user' in order ? tenantId : ''}:${role}`);
    const kept = { mark, secret, ...('user' in order && { login: order.user.login.toLowerCase() }) };
    const { known } = await steps.lookUp(
      'findAgentTokens',
      { cloud, tenantId, ...kept, ...(wasReset && { afterReset: { scopes, expiresInSeconds } }) },
      { summary: 'Which tokens are there?' },
    );
    const spec = { cloud, tenantId, ...kept, scopes, expiresInSeconds, known };
    const issued = await steps.run(
      'issueAgentToken',
      { ...spec, look: wasReset === true },
      { summary: `Stored as ${secret}`, undo: ['revokeAgentToken', { ...spec, came: null }] },
    );
    const { inDoubt = [] } = issued;
    if (inDoubt.length > 0) steps.setFacts({ leftovers: possibleDoubles('agent-token', inDoubt) });
    return { tenantId, secretRef: `store:${secret}`, ...issued };
  },
});

/** Takes the turn; returns the tenant of the machines: the user's personal one, if there is one. */
async function takeTenant(
  order: IssueAgentTokenOrder,
  cloud: string,
  steps: OperationContext<never>['steps'],
): Promise<string> {
  if (!('user' in order)) return (await takeTarget(steps, { cloud, tenant: order.tenant })).tenantId;
  const { login } = order.user;
  for (;;) {
    const account = await steps.lookUp('findAccount', { cloud, login }, { summary: `Who is ${login}?` });
    const { tenantId, personalTenantId } = account;
    // the run had to wait: the user may have changed or gone
    if (await steps.takeTurn({ cloud, tenantId })) steps.invalidate('findAccount');
    else {
      steps.setFacts({ tenantId });
      return personalTenantId ?? tenantId;
    }
  }
}
