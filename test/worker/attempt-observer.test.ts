import { expect, test } from '@jest/globals';
import { noopMetricMeter } from '@temporalio/common';
import { createLog } from '../../telemetry/log.js';
import { createAttemptObserver } from '../../worker/attempt-observer.js';

/** The undos that are counted of one attempt of this step. */
function counted(step: string): number {
  let undos = 0;
  const meter = Object.assign(Object.create(noopMetricMeter) as typeof noopMetricMeter, {
    createCounter: (name: string) => ({ add: () => (undos += name === 'tenantry_undos' ? 1 : 0) }),
  });
  const report = { run: 'r', step, cloud: 'default', attempt: 1, outcome: 'done', duration: 1 } as const;
  createAttemptObserver(createLog('silent'), meter).ended(report as never);
  return undos;
}

test.each([
  'removeCustomerTenant',
  'restoreTenant',
  'takePlanOff',
  'switchItemsOff',
  'revokeAgentToken',
  'bringSecretBack',
])('%s counts as an undo', (step) => expect(counted(step)).toBe(1));

test.each(['ensureUser', 'applyOfferingItems', 'constructor'])('%s counts as none', (step) =>
  expect(counted(step)).toBe(0),
);
