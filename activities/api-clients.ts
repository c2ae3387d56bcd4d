import type { UndoOutcome } from '../workflows/shared/undos.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { safeOf } from './safe.js';

interface ClientSpec {
  cloud: string;
  tenantId: string;
  name: string;
  /** By which this customer's client is found. */
  originId: string;
  /** Name under which its secret is kept. */
  secret: string;
  /** A user whose rights it shall have; ours unless given. */
  login?: { login: string; secretRef: string };
  rotate: boolean;
}

export function createApiClientActivities(dependencies: ActivityDependencies) {
  return {
    /** Whether this worker can keep a secret at all. Fails with `Tenantry.Secret` otherwise. */
    checkSafe: activity(dependencies, patience.look, async (_spec: { cloud: string }, { safe }) => {
      safeOf(safe);
      return { result: null };
    }),
    /** Whether there are API clients of this origin. Changes nothing. */
    findApiClients: activity(
      dependencies,
      patience.look,
      async (spec: { cloud: string; originId: string }, { acronis }) => {
        const { length } = await acronis.clients.list(spec);
        return { result: { found: length } };
      },
    ),
    /**
     * Makes sure that there is one API client of this origin whose secret is kept. Safe to repeat: a client whose secret was lost with an
     * answer is of no use to anybody, so it is removed once another has been made.
     */
    ensureApiClient: activity(dependencies, patience.change, ensureApiClient),
    /** Removes every API client of this origin. Safe to repeat. */
    removeApiClients: activity(dependencies, patience.undo, removeApiClients),
  };
}

async function ensureApiClient(spec: ClientSpec, attempt: Attempt): Promise<Found<{ clientId: string }>> {
  const { acronis, secret: read } = attempt;
  const safe = safeOf(attempt.safe);
  const before = await acronis.clients.list({ originId: spec.originId });
  const [only] = before;
  if (!spec.rotate && only !== undefined && before.length === 1 && (await safe.get(spec.secret)) !== undefined)
    return { result: { clientId: only.client_id }, adopted: true, changed: !attempt.first };
  const { tenantId, name, originId, login } = spec;
  const as = login && { login: login.login, password: await read(login.secretRef) };
  const fields = { tenant_id: tenantId, data: { client_name: name }, origin_id: originId };
  const made = await acronis.clients.create(fields, as);
  await safe.put(spec.secret, made.client_secret);
  for (const old of before) await acronis.clients.remove(old.client_id);
  return { result: { clientId: made.client_id } };
}

async function removeApiClients(
  { originId }: { cloud: string; originId: string; unsure: boolean },
  { acronis, memory, remember }: Attempt,
): Promise<Found<UndoOutcome>> {
  const found = await acronis.clients.list({ originId });
  if (found.length > 0) {
    memory.removing = true;
    remember();
  }
  for (const { client_id } of found) await acronis.clients.remove(client_id);
  return { result: { undone: memory.removing === true, leftovers: [] } };
}
