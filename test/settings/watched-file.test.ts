import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';
import { load } from '../../settings/watched-file.js';

test.each([
  ['that is not there', '/nope.json', 'there is no such file'],
  ['that is a folder', tmpdir(), 'it is a folder, not a file'],
])('a file %s is refused in plain words, with the setting that names it', async (_what, path, why) => {
  const read = () => ({ problems: [] });

  await expect(load({ path, name: 'plans', setting: 'TENANTRY_PLANS', read })).rejects.toThrow(
    `${path} (TENANTRY_PLANS) cannot be used:\n  plans: cannot be read: ${why}`,
  );
});
