import { expect, test } from '@jest/globals';
import { loadClientSettings } from '../../settings/client.js';

const keys = `k1:${Buffer.alloc(32, 7).toString('base64')}`;

test('a setting and a file with its value are refused together', () => {
  const both = { TENANTRY_CODEC_KEYS: keys, TENANTRY_CODEC_KEYS_FILE: '/nowhere/keys' };

  expect(() => loadClientSettings(both)).toThrow(
    'TENANTRY_CODEC_KEYS_FILE: is set, and so is TENANTRY_CODEC_KEYS: remove one of them',
  );
});

test('an empty setting is as if it was not set', () => {
  expect(() => loadClientSettings({ TENANTRY_CODEC_KEYS: '', TENANTRY_CODEC_KEYS_FILE: '/nowhere/keys' })).toThrow(
    'TENANTRY_CODEC_KEYS_FILE: the file /nowhere/keys cannot be read',
  );
});
