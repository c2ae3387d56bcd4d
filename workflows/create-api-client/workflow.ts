import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/target.js';
import { CREATE_API_CLIENT } from './contract.js';
import type { CreateApiClientOrder, CreatedApiClient } from './contract.js';

/** Makes sure that a tenant has an API client whose secret is kept, or leaves the one that it had before, or none. */
export const createApiClient = operation<CreateApiClientOrder, CreatedApiClient, Map<string, string>>({
  name: CREATE_API_CLIENT,
  steps({ rotate }) {
    const rotation = ['setSecretAside', 'ensureApiClient', 'disableApiClients'] as const;
    return ['checkSafe', 'findTenant', 'findApiClients', ...(rotate ? rotation : (['ensureApiClient'] as const))];
  },
  amendable: {
    ...everyAmendable,
    name: ['ensureApiClient'],
    login: ['ensureApiClient'],
    rotate: ['ensureApiClient'],
    secret: ['setSecretAside', 'ensureApiClient'],
  },
  // under which name clients were looked for: what was found stays as it is when the name is amended later
  state: () => new Map(),

  async run({ order, cloud, mark, reset, steps }, lookedFor) {
    const { name, login, secret, originId, rotate } = order;
    const secretRef = `store:${secret}`;
    await steps.lookUp('checkSafe', { cloud }, { summary: 'Can the secret be kept?' });
    const { tenantId } = await takeTarget(steps, { cloud, tenant: order.tenant });
    const origin = { cloud, originId, secret };
    const looked = `${secret} ${rotate}`;
    const nameThen = lookedFor.get(looked) ?? name;
    const then = { tenantId, name: nameThen };
    const before = await steps.lookUp(
      'findApiClients',
      { ...origin, ...then, mark, rotate },
      { summary: `Is there ${nameThen}?` },
    );
    lookedFor.set(looked, nameThen);
    if (before.usable !== undefined) {
      steps.alreadyDone('ensureApiClient');
      return { tenantId, clientId: before.usable, secretRef };
    }
    const { known, enabled } = before;
    if (rotate) {
      const kept = { cloud, secret, ...then, mark, clientIds: enabled };
      await steps.run('setSecretAside', kept, {
        summary: `Kept as ${secret}.previous`,
        undo: ['bringSecretBack', { ...kept, came: null }],
      });
    }
    const place = { ...origin, mark, known, tenantId };
    const spec = { ...place, name, replaced: enabled, look: reset === true, ...(login && { login }) };
    const made = await steps.run('ensureApiClient', spec, {
      summary: name,
      undo: ['removeApiClients', { ...place, came: null }],
    });
    if (rotate && enabled.length === 0) steps.alreadyDone('disableApiClients');
    else if (rotate) {
      const old = { cloud, originId, clientIds: enabled, ...then };
      await steps.run('disableApiClients', old, {
        summary: `In place of ${enabled.join(', ')}`,
        undo: ['enableApiClients', { ...old, came: null }],
      });
    }
    return { tenantId, secretRef, ...made };
  },
});
