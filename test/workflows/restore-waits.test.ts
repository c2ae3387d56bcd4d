import { expect, test } from '@jest/globals';
import { pause } from '../support/pause.js';
import { decideFor, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const TWENTY_MINUTES_MS = 1_200_000;

test('a restore that the cloud does not bring to an end asks a person after a quarter of an hour, each time it is tried', async () => {
  const { world } = env.simulator;
  const id = world.addTenant({ name: 'Slow' });
  world.remove(id);
  world.setExternalOperation(id, 'recovering');

  const handle = await env.begin('restoreCustomer', { tenant: { id } }, 'slow');
  await pause(TWENTY_MINUTES_MS);
  const { blocked } = await waitForState(handle, 'blocked');
  expect(blocked).toMatchObject({ step: 'awaitRestored', message: expect.stringContaining('after 15 minutes') });
  await decideFor(handle, 'retry');
  await pause(TWENTY_MINUTES_MS);
  expect((await waitForState(handle, 'blocked')).blocked.since > blocked.since).toBe(true);
  world.setExternalOperation(id, null);
  await decideFor(handle, 'retry');
  const status = await statusAtEnd(handle);

  expect(status).toMatchObject({ state: 'completed', changed: true });
  expect(world.tenant(id)).toMatchObject({ enabled: true });
});
