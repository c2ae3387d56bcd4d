import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { ApiKey } from '../../settings/api-keys.js';
import { keyOf } from './access.js';
import type { ApiApp, ApiParts } from './parts.js';
import { keyOfRequest } from './parts.js';
import { Problem } from './problem.js';

const A_MINUTE = 60_000;
/** Whoever tries so many wrong keys in a minute is guessing. */
const WRONG_KEYS_PER_MINUTE = 30;
/** Answers wait in the memory until they are read; streams count as well. */
const MOST_UNDER_WAY = 150;

type Parts = Pick<ApiParts, 'keys' | 'isStopping' | 'requestsPerMinute' | 'personIn'>;
type Count = Awaited<ReturnType<ReturnType<ApiApp['createRateLimit']>>>;

/**
 * Lets requests with a valid key in, before anything of their body is read, and only so many in a minute. Wrong keys are
 * counted by address. Each gateway counts by itself.
 */
export async function addAdmission(
  app: ApiApp,
  { keys, isStopping, requestsPerMinute, personIn }: Parts,
): Promise<void> {
  await app.register(rateLimit, { global: false, timeWindow: A_MINUTE });
  const countKey = app.createRateLimit({
    max: requestsPerMinute,
    keyGenerator: (request) => `key ${keyOfRequest(request).sha256}`,
  });
  const countWrong = app.createRateLimit({
    max: WRONG_KEYS_PER_MINUTE,
    keyGenerator: ({ ip }: FastifyRequest) => `address ${ip}`,
  });
  const underWay = new Map<string, number>();
  app.decorateRequest('apiKey', null);
  app.addHook('onRequest', async (request) => {
    if (isStopping()) throw new Problem(503, 'Unavailable', 'The gateway is stopping. Try again.');
    request.apiKey = keyOfPerson(request, personIn) ?? (await keyOrRefusal(request, keys(), countWrong));
    refuseMore(await countKey(request), `The key ${request.apiKey.name} has sent`);
  });
  app.addHook('onRequest', (request, reply, done) => {
    const { name } = keyOfRequest(request);
    const count = (underWay.get(name) ?? 0) + 1;
    if (count > MOST_UNDER_WAY) return done(tooMany(name));
    underWay.set(name, count);
    reply.raw.once('close', () => underWay.set(name, underWay.get(name)! - 1));
    done();
  });
}

function tooMany(name: string): Problem {
  const detail = `The key ${name} has ${MOST_UNDER_WAY} requests under way whose answers it has not read. Read them first.`;
  return new Problem(429, 'TooManyRequests', detail, [], 1);
}

/** A browser sends its cookie by itself, so it counts only where nothing can change. */
function keyOfPerson(request: FastifyRequest, personIn: Parts['personIn']): ApiKey | undefined {
  const { headers, routeOptions } = request;
  return routeOptions.config.forPeople && headers.authorization === undefined ? personIn(request) : undefined;
}

async function keyOrRefusal(
  request: FastifyRequest,
  keys: readonly ApiKey[],
  countWrong: (request: FastifyRequest) => Promise<Count>,
): Promise<ApiKey> {
  try {
    return keyOf(request.headers.authorization, keys);
  } catch (error) {
    refuseMore(await countWrong(request), 'This address has sent, without a valid key,');
    throw error;
  }
}

function refuseMore(count: Count, who: string): void {
  if (count.isAllowed || !count.isExceeded) return;
  const { max, ttlInSeconds: seconds } = count;
  const detail = `${who} more than ${max} requests in a minute. Try again in ${seconds} s.`;
  throw new Problem(429, 'TooManyRequests', detail, [], seconds);
}
