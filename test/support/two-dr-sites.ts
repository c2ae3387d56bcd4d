import { readFileSync } from 'node:fs';
import type { OfferingItem } from '../../acronis/index.js';
import { selectItems, type ItemWish } from '../../activities/offer.js';

const file = new URL('../../../test/offers/two-dr-sites.json', import.meta.url);
/** Two storages for backup and two sites for disaster recovery. Fields that the vendor omits are null. */
export const available = (JSON.parse(readFileSync(file, 'utf8')) as { items: OfferingItem[] }).items.map((item) => ({
  ...item,
  quota: item.quota ?? null,
}));
export const backup = ['e72104a3-c013-4e18-bb71-000000000001', 'e72104a3-c013-4e18-bb71-000000000002'] as const;
export const dr = ['2d67488d-f8b5-4733-a531-000000000001', '2d67488d-f8b5-4733-a531-000000000002'] as const;
export const WORKLOAD = 'pck_per_workload';

export const wished = (wish: Partial<ItemWish>, offer: OfferingItem[] = available) =>
  selectItems(offer, { offeringItems: undefined, edition: undefined, quotas: {}, infraId: undefined, ...wish });
export const namesOf = (wish: Partial<ItemWish>, offer?: OfferingItem[]) =>
  wished(wish, offer).items.map(({ name }) => name);
export const placesOf = (wish: Partial<ItemWish>) => [
  ...new Set(wished(wish).items.flatMap(({ infra_id }) => infra_id ?? [])),
];
export const anItem = (name: string, fields: Partial<OfferingItem> = {}): OfferingItem => ({
  ...available.find((row) => row.name === 'pw_base_workstations')!,
  name,
  usage_name: name,
  ...fields,
});
