import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Acronis } from '../../acronis/index.js';
import { startActivityEnvironment, type ActivityEnvironment } from './activity-environment.js';
import { consoleClient } from './console.js';

/**
 * The environment of the tests of a file, and what a person does by hand in its cloud. One for all of them, or a new
 * one for `each`.
 */
export function useActivityEnvironment({ each = false } = {}): { env: ActivityEnvironment; byHand: Acronis } {
  const env = {} as ActivityEnvironment;
  const byHand = {} as Acronis;
  const [before, after] = each ? [beforeEach, afterEach] : [beforeAll, afterAll];
  before(async () => {
    Object.assign(env, await startActivityEnvironment());
    Object.assign(byHand, consoleClient(env.simulator));
  });
  after(async () => {
    await env.simulator.close();
    expect(env.simulator.unknownRoutes).toEqual([]);
  });
  return { env, byHand };
}
