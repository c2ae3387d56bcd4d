import { expect, test } from '@jest/globals';
import { loadGatewaySettings } from '../../settings/gateway.js';
import { loadWorkerSettings } from '../../settings/worker.js';
import { aKey } from '../support/actor-keys.js';

const cloud = {
  ACRONIS_BASE_URL: 'https://eu2-cloud.acronis.com',
  ACRONIS_CLIENT_ID: 'id',
  ACRONIS_CLIENT_SECRET: 'secret',
};
const load = {
  gateway: (keys: string, more = {}) => loadGatewaySettings({}, { TENANTRY_ACTOR_KEYS: keys, ...more }).actorKeys,
  worker: (keys: string, more = {}) =>
    loadWorkerSettings({}, { ...cloud, TENANTRY_ACTOR_KEYS: keys, ...more }).actors.actorKeys,
};

test.each(['gateway', 'worker'] as const)('the %s reads several keys, the current one first', (process) => {
  expect(load[process](`${aKey('a2')},${aKey('a1')}`)?.ids).toEqual(['a2', 'a1']);
  expect(load[process]('')).toBeUndefined();
});

test.each(['gateway', 'worker'] as const)(
  'the %s refuses a key that cannot be one, and names the remedy',
  (process) => {
    expect(() => load[process]('a1:short')).toThrow(/TENANTRY_ACTOR_KEYS: .*create one with "openssl rand -base64 32"/);
    const zeros = `a1:${Buffer.alloc(32).toString('base64')}`;
    const production = { TENANTRY_ENV: 'production', TENANTRY_CODEC_KEYS: aKey('k1') };
    expect(() => load[process](zeros, production)).toThrow(/TENANTRY_ACTOR_KEYS: the key a1 is not random/);
  },
);
