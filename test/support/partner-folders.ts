import type { OperationStatus } from '../../contract/status.js';
import type { PartnerOutcome } from '../../workflows/update-partners/contract.js';
import type { OperationEnvironment } from './operation-environment.js';

let made = 0;

/** A folder that offers three editions, with partners that have one of them, and the order that gives them more. */
export function aFolder(
  { simulator: { world } }: OperationEnvironment,
  count: number,
  to: object = { editions: 'all' },
) {
  made += 1;
  const root = world.addTenant({ name: `Folder ${made}`, kind: 'folder' });
  for (const edition of ['pck_per_gigabyte', 'pck_per_workload', 'fss_per_user']) world.giveItems(root, edition);
  const ids = Array.from({ length: count }, (_none, at) =>
    world.addTenant({ name: `${made}-${at}`, kind: 'partner', parent_id: root, edition: 'pck_per_gigabyte' }),
  );
  return { root, ids, order: { root: { id: root }, to } };
}

/** The editions of a tenant's items. */
export function editionsOf({ simulator }: OperationEnvironment, id: string): string[] {
  return [...new Set(simulator.world.items(id).map(({ edition }) => String(edition)))].sort();
}

/** The outcome of each partner, with its reason, by id. */
export function outcomesOf(status: OperationStatus): Record<string, string> {
  const { partners } = status as unknown as { partners: PartnerOutcome[] };
  return Object.fromEntries(
    partners.map(({ id, outcome, reason }) => [id, reason === undefined ? outcome : `${outcome}: ${reason}`]),
  );
}
