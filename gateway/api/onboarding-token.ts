import { z } from 'zod';
import { onboarding, onboardingNotFound } from '../../client/onboardings.js';
import type { CustomerName } from '../../client/customers.js';
import { FailureType } from '../../contract/failures.js';
import { isSameId } from '../../contract/ids.js';
import type { Onboarding } from '../../contract/onboarding.js';
import type { Given, StoredSecret } from '../../vault/index.js';
import { cloudQuery, customerParams } from './customers.js';
import { keyOfRequest, problemAnswers, type ApiApp, type ApiParts } from './parts.js';
import { Problem } from './problem.js';
import type { SharedSecrets } from './shared-secrets.js';
import { seesOnboarding } from './tree/onboarding-within.js';

export interface TokenRequest extends CustomerName {
  /** The name of the key that asks. */
  by: string;
  /** Needed for a token that was given before. */
  reason?: string | undefined;
}

/** A token with which machines register in a tenant. */
export interface GivenToken {
  token: string;
  secretRef: string;
  expiresAt: string | null;
  tenantId: string;
  /** The run that keeps it. */
  run: string;
}

const reason = z.string().trim().min(1).max(1000);
const tokenAnswer = z
  .object({
    token: z.string().describe('What the installer asks for. Keep it secret: whoever has it can register machines'),
    secretRef: z.string().describe('Where it is kept'),
    expiresAt: z.iso.datetime().nullable().describe('ISO 8601, UTC; then the run stores another one'),
    tenantId: z.string(),
    run: z.string().describe('The id of the run that has issued it'),
  })
  .describe('The token with which machines of a customer register');

/** The token for the installer, once for a key with the role `decide`. */
export function addOnboardingToken(app: ApiApp, parts: ApiParts): void {
  app.post(
    '/v1/onboardings/:ref/token',
    {
      preHandler: seesOnboarding(parts, 'decide'),
      schema: {
        operationId: 'onboardingToken',
        summary: 'The token for the installer of a customer: once, and then only for a reason',
        params: customerParams,
        querystring: cloudQuery,
        body: z.strictObject({ reason: reason.optional().describe('Why it is needed once more') }).optional(),
        response: { 200: tokenAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const asked = { ...request.params, ...request.query, ...request.body, by: keyOfRequest(request).name };
      const given = await giveToken(parts, asked);
      request.changedId = given.run;
      return given;
    },
  );
}

/**
 * Gives the token of a customer, and writes down who has got it. Fails as 410 when it was given before and no reason is
 * given, as 409 when there is none or the gateway cannot read it.
 */
export async function giveToken(
  { client, taskQueue, secrets }: Pick<ApiParts, 'client' | 'taskQueue' | 'secrets'>,
  { by, reason: why, ...name }: TokenRequest,
): Promise<GivenToken> {
  const found = await onboarding(client, name, taskQueue);
  if (found === undefined) throw onboardingNotFound(name);
  const { token, tenantId, run } = tokenIn(found);
  const secret = token.secretRef.replace('store:', '');
  if (secrets === undefined) throw withoutStore(secret);
  const { value, origin } = checkOwn(await read(secrets, secret), secret, tenantId);
  const before = await secrets.readings.giveOnce(secret, origin.id, by).catch(throwUnwritten);
  if (before !== undefined && why === undefined) throw givenBefore(secret, before);
  try {
    await secrets.readings.note({ name: secret, by, over: 'http api', reason: why });
  } catch (error) {
    if (before === undefined) await secrets.readings.takeBack(secret, origin.id).catch(() => undefined);
    throwUnwritten(error as Error);
  }
  return { token: value, ...token, tenantId, run };
}

function tokenIn({ ref, token, tenantId, run, missing, machines }: Onboarding) {
  if (token !== undefined && tenantId !== undefined && run !== undefined) {
    if (isOver(token)) throw expired(ref, token);
    return { token, tenantId, run };
  }
  const enough = machines !== undefined && machines.registered >= machines.expected;
  const why = enough
    ? 'as many machines as expected are registered'
    : run === undefined
      ? 'no run protects its machines'
      : `its run has none yet: ${missing ?? 'it is over'}`;
  const remedy = 'Order one by the operation issueAgentToken if you need it.';
  throw refused(`There is no token for the installer of ${ref}: ${why}. ${remedy}`);
}

function isOver({ expiresAt }: Pick<GivenToken, 'expiresAt'>): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= Date.now();
}

function expired(ref: string, { expiresAt }: Pick<GivenToken, 'expiresAt'>): Problem {
  const remedy =
    'While its run waits for machines, it issues another one; else order one by the operation issueAgentToken.';
  return refused(`The token for the installer of ${ref} was valid until ${expiresAt}. ${remedy}`);
}

async function read({ store }: SharedSecrets, name: string): Promise<StoredSecret | undefined> {
  try {
    return await store.read(name);
  } catch (error) {
    const remedy = 'Give the gateway the TENANTRY_CODEC_KEYS of the workers.';
    throw refused(`The secret ${name} cannot be read by this gateway (${(error as Error).name}). ${remedy}`);
  }
}

/** A run says in which secret its token is; what the store says is believed. */
function checkOwn(secret: StoredSecret | undefined, name: string, tenantId: string) {
  const { value, origin } = secret ?? {};
  if (value === undefined)
    throw refused(
      `The store of this gateway has no secret ${name}. Set TENANTRY_SECRETS_STORE to the folder that the workers use.`,
    );
  const isToken = origin?.owner.kind === 'agent-token' && isSameId(origin.owner.tenantId, tenantId);
  if (!isToken) throw refused(`The secret ${name} is no token of this tenant, so it is not given.`);
  return { value, origin };
}

function withoutStore(name: string): Problem {
  return refused(
    'This gateway reads no secrets: start it with the TENANTRY_SECRETS_STORE and TENANTRY_CODEC_KEYS of the workers, ' +
      `or run "tenantry secret get ${name}" where the store is.`,
  );
}

function givenBefore(name: string, { at, by }: Given): Problem {
  return new Problem(
    410,
    'AlreadyGiven',
    `The token was given to ${by} at ${at}. Say why you need it once more ("reason"; it is written down), or run ` +
      `"tenantry secret get ${name}" where the store is.`,
  );
}

function refused(message: string): Problem {
  return new Problem(409, FailureType.Secret, message);
}

function throwUnwritten(error: Error): never {
  const { code = error.name } = error as NodeJS.ErrnoException;
  const remedy = 'The gateway must be able to write into the folder TENANTRY_SECRETS_STORE.';
  throw new Problem(503, 'Unavailable', `It cannot be written down who reads the token (${code}). ${remedy}`);
}
