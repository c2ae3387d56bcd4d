import { expect, test } from '@jest/globals';
import { attempt } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const { env } = useActivityEnvironment();

test('as many partners as one run can update are found; one more is refused, with what to do', async () => {
  const { world } = env.simulator;
  const root = world.addTenant({ name: 'Very many', kind: 'folder' });
  world.giveItems(root, 'pck_per_gigabyte');
  const add = (name: string) => world.addTenant({ name, kind: 'partner', parent_id: root });
  for (let nth = 1; nth <= 3000; nth += 1) add(`Partner ${nth}`);
  const spec = { cloud: 'default', root: { id: root }, to: { editions: 'all' } } as const;

  expect((await attempt(env.activities.findPartners, spec)).result.partners).toHaveLength(3000);

  add('One more');

  await expect(attempt(env.activities.findPartners, spec)).rejects.toMatchObject({
    type: 'Acronis.Rejected',
    message: expect.stringMatching(/^root: .*more than 3000 partners.*one folder at a time$/),
  });
});
