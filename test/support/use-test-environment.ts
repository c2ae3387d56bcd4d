import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Fixture } from '../../simulator/index.js';
import { startTestEnvironment, type TestEnvironment, type TestEnvironmentOptions } from './test-environment.js';
import { untidinessOf } from './untidiness.js';

/** A test environment that stands while the tests of one file run; no test leaves a fault to the next. */
export function useTestEnvironment(fixture: Fixture = {}, options: TestEnvironmentOptions = {}): TestEnvironment {
  const env = {} as TestEnvironment;
  const untidy = untidinessOf(expect.getState().testPath ?? '');
  beforeAll(async () => {
    Object.assign(env, await startTestEnvironment({ untidy, ...fixture }, options));
  });
  afterEach(() => {
    env.simulator.faults.clear();
  });
  afterAll(async () => {
    await env.close();
  });
  return env;
}
