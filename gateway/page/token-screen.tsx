import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ONBOARD_CUSTOMER } from '../../workflows/onboard-customer/contract.js';
import { giveToken } from '../api/onboarding-token.js';
import { needsAllOperations } from '../api/parts.js';
import { problemOf } from '../api/problem.js';
import { needsItsOnboarding } from '../api/tree/onboarding-within.js';
import { customerIn } from './customer-screens.js';
import { checkReason } from './deciding.js';
import { formIn, sessionIn } from './door.js';
import { sendScreen } from './frame.js';
import type { PageParts } from './parts.js';
import { sendTrouble } from './screens.js';
import { TokenRefused, TokenShown } from './token.js';
import { pathOfCustomer, pathOfRun } from './words.js';

const path = '/customers/:ref/token';
const title = 'Token for the installer';

/** The token for the installer, once, for a key that may decide. */
export function addTokenScreen(app: FastifyInstance, parts: PageParts): void {
  // whoever loads the answer again
  app.get(path, (request, reply) => reply.redirect(back(request), 303));
  const preHandler = [needsAllOperations('decide'), needsItsOnboarding(parts, customerIn)];
  app.post(path, { preHandler }, async (request, reply) => {
    const [session, customer] = [sessionIn(request), customerIn(request)];
    const reason = (formIn(request).get('reason') ?? '').trim();
    const asked = { ...customer, by: session.key.name, ...(reason !== '' && { reason }) };
    try {
      if (reason !== '') checkReason(reason);
      const given = await giveToken(parts, asked);
      request.changedId = given.run;
      return await sendScreen(reply, 200, { title, body: <TokenShown given={given} />, session });
    } catch (error) {
      const { status, message } = problemOf(error as Error);
      if (status >= 500 || status === 404) return sendTrouble(request, reply, error as Error);
      const refused = { choice: 'token', reason, message };
      const body = <TokenRefused customer={customer} session={session} refused={refused} />;
      return sendScreen(reply, status, { title, body, session });
    }
  });
}

function back(request: FastifyRequest): string {
  const { ref, cloud } = customerIn(request);
  return ref.startsWith(`${ONBOARD_CUSTOMER}:`) ? pathOfRun(ref) : pathOfCustomer(ref, cloud);
}
