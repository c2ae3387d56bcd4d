import { collect, type Usage } from '../acronis/index.js';
import type { Including } from '../workflows/offboard-customer/contract.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, TenantSpec } from './attempt.js';
import { listAgents } from './tenant-contents.js';
import { toWords } from './quantities.js';
import { measuredUnit } from './unnamed-contents.js';

/** More of a kind are given as their number. */
const MOST_NAMES = 50;

export function createCustomerContentsActivities(dependencies: ActivityDependencies) {
  const read = activity.look(dependencies, readContents);
  return {
    /**
     * What is in a tenant now, in the words in which an offboarding names what may be destroyed. Tenants below it are
     * left out: nobody has agreed to their deletion. Changes nothing.
     */
    readContents: async (spec: TenantSpec): Promise<Omit<Including, 'tenants'>> => (await read(spec)).result,
  };
}

async function readContents(
  { tenantId }: TenantSpec,
  { acronis }: Attempt,
): Promise<Outcome<Omit<Including, 'tenants'>>> {
  const [users, usages, agents] = await Promise.all([
    collect(acronis.users.list({ tenantId })),
    acronis.usages.list(tenantId),
    listAgents(acronis, tenantId),
  ]);
  // on two storages, one usage is there twice
  const used = usages
    .filter(({ absolute_value }) => absolute_value > 0)
    .toSorted((one, other) => one.absolute_value - other.absolute_value);
  return {
    result: {
      users: named(users.map(({ login }) => login)),
      agents: named('hidden' in agents ? [] : agents.seen.map(({ id }) => id)),
      usage: Object.fromEntries(used.map((usage) => [usage.usage_name, amountOf(usage)])),
    },
  };
}

function amountOf(usage: Usage): string | number {
  const measured = { ...usage, measurement_unit: measuredUnit(usage) };
  return measured.measurement_unit === 'quantity' ? usage.absolute_value : toWords(usage.absolute_value, measured);
}

function named(names: readonly string[]): string[] | number {
  return names.length <= MOST_NAMES ? names.toSorted() : names.length;
}
