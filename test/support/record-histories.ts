import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Fault } from '../../simulator/index.js';
import { openHouse } from './house.js';
import { anOrder } from './orders.js';

/** Records runs as this version makes them: `node dist/test/support/record-histories.js VERSION`. Recorded runs are never removed. */
const version = process.argv[2];
if (version === undefined) throw new Error('usage: record-histories VERSION');
const folder = fileURLToPath(new URL('../../../test/histories/provisionCustomer/', import.meta.url));
await mkdir(folder, { recursive: true });

const scenes: [name: string, input: unknown, route?: string, fault?: Fault][] = [
  ['happy', anOrder()],
  ['lost-answer', anOrder(), 'POST /tenants', 'commit-then-drop'],
  ['look-up-repeated', anOrder(), 'GET /users/check_login', { refuse: 503 }],
  ['undone', anOrder(), 'PUT /users/{id}/access_policies', { refuse: 403 }],
  ['refused', anOrder({ administrator: { login: 'taken.login' } })],
  ['invalid', {}],
  ['cancelled', anOrder(), 'POST /users', { delay: 1500 }],
];

const house = await openHouse();
for (const [name, input, route, fault] of scenes) {
  if (route !== undefined && fault !== undefined) house.simulator.faults.next(route, fault);
  const handle = await house.start(input, `recorded-${name}`);
  if (name === 'cancelled') {
    await new Promise((resolve) => setTimeout(resolve, 800));
    await handle.cancel();
  }
  await handle.result().catch(() => undefined);
  await writeFile(`${folder}${version}-${name}.json`, `${historyToJSON(await handle.fetchHistory())}\n`);
}
await house.close();
