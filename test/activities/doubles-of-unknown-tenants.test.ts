import { expect, test } from '@jest/globals';
import { markText } from '../../contract/mark.js';
import { attempt } from '../support/activity-environment.js';
import { useTamperedEnvironment } from '../support/tampered-environment.js';

const env = useTamperedEnvironment({ uniqueNames: false });

test('of two tenants that a run may have made, the one stays that the next run would adopt', async () => {
  const unused = await env.aTenant();
  const used = env.simulator.world.addTenant({ name: 'Acme again', internal_tag: markText(env.place.mark) });
  env.simulator.world.addUser({ tenant_id: used, login: 'somebody' });

  const { result } = await attempt(env.activities.removeDoubles, { ...env.place, kind: 'customer' as const });

  expect(result).toEqual([]);
  expect(env.ids()).toEqual([used]);
  expect(unused).not.toBe(used);
});
