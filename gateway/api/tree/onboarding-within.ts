import type { FastifyRequest } from 'fastify';
import { customerWorkflowId } from '../../../catalogue/customer-id.js';
import { onboardingRunId } from '../../../catalogue/onboard-customer.js';
import type { CustomerName } from '../../../client/customers.js';
import type { Role } from '../../../settings/api-keys.js';
import { keyOfRequest, needsAllOperations } from '../parts.js';
import { describeIfThere, partOf, type PartOfTree, type TreeParts } from './part-of-tree.js';

/** A hook that lets a key that is limited to a part of the tenant tree pass only to the onboarding of its customers. */
export function needsItsOnboarding(parts: TreeParts, nameIn: (request: FastifyRequest) => CustomerName) {
  return async (request: FastifyRequest): Promise<void> => {
    const part = partOf(parts, keyOfRequest(request));
    if (part === undefined) return;
    const name = nameIn(request);
    request.stillSees = async () => await sees(parts, part, name);
    await part.check();
    if (!(await request.stillSees())) await part.checkCustomer(name);
  };
}

/** Hooks that let only keys of this role pass that see the onboarding of this customer. */
export const seesOnboarding = (parts: TreeParts, role: Role = 'read') => [
  needsAllOperations(role),
  needsItsOnboarding(parts, ({ params, query }) => ({
    ...(params as { ref: string }),
    ...(query as { cloud?: string }),
  })),
];

/** The customer is shown where sources have spoken of it, else the run. */
async function sees({ client }: TreeParts, part: PartOfTree, name: CustomerName): Promise<boolean> {
  const customer = await describeIfThere(client, customerWorkflowId(name.ref, name.cloud));
  return customer === undefined ? await part.seesRun(onboardingRunId(name)) : await part.seesCustomer(name);
}
