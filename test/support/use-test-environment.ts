import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Fixture } from '../../simulator/index.js';
import { startTestEnvironment, type TestEnvironment, type TestEnvironmentOptions } from './test-environment.js';
import { namePlaces } from './orders.js';
import { worldOf } from './untidiness.js';

/** A test environment that stands while the tests of one file run; no test leaves a fault to the next. */
export function useTestEnvironment(fixture: Fixture = {}, options: TestEnvironmentOptions = {}): TestEnvironment {
  const env = {} as TestEnvironment;
  const { fixture: usual, clockSteps } = worldOf(expect.getState().testPath ?? '');
  const world = { ...usual, ...fixture };
  if ((world.storages ?? 1) > 1) namePlaces();
  beforeAll(async () => {
    Object.assign(env, await startTestEnvironment(world, { clockSteps, ...options }));
  });
  afterEach(() => {
    env.simulator.faults.clear();
  });
  afterAll(async () => {
    await env.close();
  });
  return env;
}
