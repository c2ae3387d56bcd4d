import { afterAll, beforeAll } from '@jest/globals';
import type { Acronis } from '../../acronis/index.js';
import { startActivityEnvironment, type ActivityEnvironment } from './activity-environment.js';
import { consoleClient } from './console.js';

/** One env for all tests of a file, and what a person does by hand in its cloud. */
export function useActivityEnvironment(): { env: ActivityEnvironment; byHand: Acronis } {
  const env = {} as ActivityEnvironment;
  const byHand = {} as Acronis;
  beforeAll(async () => {
    Object.assign(env, await startActivityEnvironment());
    Object.assign(byHand, consoleClient(env.simulator));
  });
  afterAll(() => env.simulator.close());
  return { env, byHand };
}
