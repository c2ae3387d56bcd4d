import { readFileSync } from 'node:fs';
import { ORDINARY_INFRA, type InProcessSimulator } from '../../simulator/index.js';
import { catalogue } from '../../workflows/catalogue.js';
import { models, type OperationModel } from './models/index.js';

type World = InProcessSimulator['memory'];
export type Input = Record<string, unknown>;

interface Named {
  id?: string;
  customerId?: string;
  name?: string;
}

/** What the tenant of an example has. */
const usual = new Set(['workstations', 'storage']);

/** An operation as it is tried: with one of its inputs, in a world that fits it. */
export interface Subject {
  operation: string;
  variant: string;
  model: OperationModel;
  /** Makes what the input speaks of. */
  prepare(world: World): Input;
}

/** Every operation of the product, each with its example and the further inputs of its model. */
export function everySubject(): Subject[] {
  return Object.keys(catalogue).flatMap((operation) =>
    ['example', ...Object.keys(models[operation]?.variants ?? {})].map((variant) => subject(operation, variant)),
  );
}

export function subject(operation: string, variant: string): Subject {
  const model = models[operation] ?? {};
  return {
    operation,
    variant,
    model,
    prepare(world) {
      const example = exampleOf(operation);
      const input = variant === 'example' ? example : model.variants![variant]!(example);
      if (model.prepare) model.prepare(world, input);
      else makeTenant(world, input);
      return input;
    },
  };
}

function exampleOf(operation: string): Input {
  return JSON.parse(readFileSync(new URL(`../../../examples/${operation}.json`, import.meta.url), 'utf8')) as Input;
}

/** The tenant that an input names, and the user if that is one who is there already, below the root. */
function makeTenant(world: World, input: Input): void {
  const { tenant, user } = input as { tenant?: Named; user?: { login: string; email?: string } };
  if (tenant === undefined && (user === undefined || 'email' in user)) return;
  const { id, customerId, name = (input['confirm'] as string | undefined) ?? 'Customer, Inc' } = tenant ?? {};
  const fields = { ...(id === undefined ? {} : { id }), customer_id: customerId ?? null };
  const made = world.newTenant({ ...fields, name, kind: 'customer', parent_id: world.rootId });
  const rows = world.items.get(world.rootId) ?? [];
  const ordinary = rows.filter(
    ({ name, infra_id }) => usual.has(name) && (infra_id ?? ORDINARY_INFRA) === ORDINARY_INFRA,
  );
  world.items.set(
    made.id,
    ordinary.map((row) => ({ ...row, tenant_id: made.id })),
  );
  world.newUser({
    tenant_id: made.id,
    login: user !== undefined && !('email' in user) ? user.login : 'somebody.inside',
  });
}
