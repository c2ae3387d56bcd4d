import { randomUUID } from 'node:crypto';

/** A plan as the vendor's own examples send one: a root and a backup below it. */
export function aPlan({
  root = randomUUID(),
  backup = randomUUID(),
  ...more
}: { root?: string; backup?: string } & Record<string, unknown> = {}) {
  const common = { origin: 'upstream', enabled: true, ls_features: '' };
  return {
    subject: {
      policy: [
        { id: root, type: 'policy.protection.total', name: 'Workstations', ...common },
        {
          id: backup,
          type: 'policy.backup.machine',
          parent_ids: [root],
          settings: { splitting: { size: 1 } },
          ...common,
        },
      ],
    },
    ...more,
  };
}
