import { everyAmendable, type TenantRef } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import type { Steps } from '../kernel/steps.js';
import { toUninvited } from '../parts/members.js';
import { recheckIfDisturbed } from '../parts/recheck.js';
import { takeTarget } from '../parts/take-target.js';
import { RESEND_ACTIVATION, type ResendActivationOrder, type ResentActivation } from './contract.js';

/** Sends the activation mail again to a user who is not activated. A mail cannot be taken back. */
export const resendActivation = operation<ResendActivationOrder, ResentActivation>({
  name: RESEND_ACTIVATION,
  steps: ({ tenant }) => [
    ...(tenant === undefined ? (['findAccount'] as const) : []),
    'findTenant',
    'findInvitee',
    'sendActivationEmail',
  ],
  amendable: everyAmendable,

  async run({ order, cloud, mark, steps, revision, wasReset }) {
    const { login } = order.user;
    const tenant = order.tenant ?? (await homeOf(login, cloud, steps));
    const { tenantId } = await takeTarget(steps, { cloud, tenant, switchedOn: true });
    const { userId } = await steps.lookUp(
      'findInvitee',
      { cloud, tenantId, login },
      { summary: `Does ${login} wait for a mail?` },
    );
    steps.setFacts({ userId });
    // after a reset, the mails of this very run count, and those of no other
    const former = wasReset ? { formerRunsIn: tenantId, formerRun: mark.runId } : {};
    const sent = await steps.run(
      'sendActivationEmail',
      { cloud, tenantId, userId, look: false, ...former },
      { summary: `Activation mail for ${login}`, undo: ['accountForMail', { cloud, userId }] },
    );
    if (sent?.unconfirmed) steps.setFacts({ uninvited: [toUninvited(userId)] });
    await recheckIfDisturbed(steps, { cloud, tenantId, userId, revision });
    return { tenantId, userId };
  },
});

async function homeOf(login: string, cloud: string, steps: Pick<Steps, 'lookUp'>): Promise<TenantRef> {
  const { tenantId } = await steps.lookUp('findAccount', { cloud, login }, { summary: `Who is ${login}?` });
  return { id: tenantId };
}
