import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import type { ActivityInput } from '../kernel/activity-calls.js';
import type { Steps } from '../kernel/steps.js';
import { possibleDoubles } from '../parts/possible-doubles.js';
import { checkSecret, secretSteps } from '../parts/references.js';
import { takeTarget } from '../parts/take-target.js';
import { CREATE_API_CLIENT } from './contract.js';
import type { CreateApiClientOrder, CreatedApiClient } from './contract.js';

/** Ensures that a tenant has an API client with a stored secret; or leaves the client that it had before, or none. */
export const createApiClient = operation<CreateApiClientOrder, CreatedApiClient, Map<string, string>>({
  name: CREATE_API_CLIENT,
  steps({ login, rotate }, revision) {
    const rotation = ['setSecretAside', 'ensureApiClient', 'disableApiClients'] as const;
    const lookUps = ['checkSafe', 'findTenant', 'findApiClients', ...secretSteps(login, revision)] as const;
    return [...lookUps, ...(rotate ? rotation : (['ensureApiClient'] as const))];
  },
  amendable: {
    ...everyAmendable,
    name: ['ensureApiClient'],
    login: ['ensureApiClient'],
    rotate: ['ensureApiClient'],
    secret: ['setSecretAside', 'ensureApiClient'],
  },
  // the name that clients were looked up by: an amended name does not change what was found
  state: () => new Map(),

  async run({ order, cloud, mark, wasReset, revision, steps }, namesLookedUp) {
    const { name, login, secret, originId, rotate } = order;
    const secretRef = `store:${secret}`;
    await steps.lookUp('checkSafe', { cloud }, { summary: 'Can the secret be stored?' });
    const { tenantId } = await takeTarget(steps, { cloud, tenant: order.tenant });
    const origin = { cloud, originId, secret };
    const lookUpKey = `${secret} ${rotate}`;
    const nameLookedUp = namesLookedUp.get(lookUpKey) ?? name;
    const then = { tenantId, name: nameLookedUp };
    const before = await steps.lookUp(
      'findApiClients',
      { ...origin, ...then, mark, rotate },
      { summary: `Is there ${nameLookedUp}?` },
    );
    namesLookedUp.set(lookUpKey, nameLookedUp);
    if (before.usable !== undefined) {
      for (const step of secretSteps(login, revision)) steps.leaveOut(step);
      steps.alreadyDone('ensureApiClient');
      return { tenantId, clientId: before.usable, secretRef };
    }
    await checkSecret(steps, { cloud, secretRef: login?.secretRef, field: 'login.secretRef', revision });
    const { known, enabled } = before;
    if (rotate) {
      const kept = { cloud, secret, ...then, mark, clientIds: enabled };
      await steps.run('setSecretAside', kept, {
        summary: `Stored as ${secret}.previous`,
        undo: ['bringSecretBack', { ...kept, came: null }],
      });
    }
    const place = { ...origin, mark, known, tenantId };
    const spec = { ...place, name, replaced: enabled, look: wasReset === true, ...(login && { login }) };
    const made = await steps.run('ensureApiClient', spec, {
      summary: name,
      undo: ['removeApiClients', { ...place, came: null }],
    });
    const { inDoubt = [] } = made;
    if (inDoubt.length > 0) steps.setFacts({ leftovers: possibleDoubles('api-client', inDoubt) });
    if (rotate) await disableReplaced(steps, { cloud, originId, clientIds: enabled, ...then });
    return { tenantId, secretRef, ...made };
  },
});

/** Disables the clients that the new one replaces. */
async function disableReplaced(steps: Steps, old: ActivityInput<'disableApiClients'>): Promise<void> {
  if (old.clientIds.length === 0) return steps.alreadyDone('disableApiClients');
  await steps.run('disableApiClients', old, {
    summary: `In place of ${old.clientIds.join(', ')}`,
    undo: ['enableApiClients', { ...old, came: null }],
  });
}
