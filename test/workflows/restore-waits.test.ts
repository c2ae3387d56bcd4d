import { expect, test } from '@jest/globals';
import { decideFor, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTimeSkippingEnvironment } from '../support/time-skipping-environment.js';

const env = useTimeSkippingEnvironment();

test('a restore that the cloud does not bring to an end asks a person after a quarter of an hour, each time it is tried', async () => {
  const { world } = env.simulator;
  const id = world.addTenant({ name: 'Slow' });
  world.remove(id);
  world.setExternalOperation(id, 'recovering');

  const status = await env.withWorker(async () => {
    const handle = await env.begin('restoreCustomer', { tenant: { id } }, 'slow');
    await env.temporal.sleep('20 minutes');
    const { blocked } = await waitForState(handle, 'blocked');
    expect(blocked).toMatchObject({ step: 'awaitRestored', message: expect.stringContaining('after 15 minutes') });
    await decideFor(handle, 'retry');
    await env.temporal.sleep('20 minutes');
    expect((await waitForState(handle, 'blocked')).blocked.since > blocked.since).toBe(true);
    world.setExternalOperation(id, null);
    await decideFor(handle, 'retry');
    return await statusAtEnd(handle);
  });

  expect(status).toMatchObject({ state: 'completed', changed: true });
  expect(world.tenant(id)).toMatchObject({ enabled: true });
});
