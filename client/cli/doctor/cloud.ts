import { isAcronisError, type Acronis } from '../../../acronis/index.js';
import { fail, ok, skipped, warn, type Check } from './check.js';

const MAX_SKEW_S = 60;

/**
 * Checks one cloud with its API client: credentials, root tenant, rights and clock. Changes nothing. `inFile` is true for
 * a cloud from the file TENANTRY_CLOUDS.
 */
export async function checkCloud(name: string, acronis: Acronis, inFile = false): Promise<Check[]> {
  let skew: number | undefined;
  const watching = acronis.forAttempt({
    onCall: ({ answeredAt }) => {
      if (answeredAt !== undefined) skew = (Date.now() - answeredAt) / 1000;
    },
  });
  const of = (what: string) => `cloud ${name}: ${what}`;
  try {
    const rootId = await watching.rootTenantId();
    return [
      ok(of('credentials'), 'the API client is accepted'),
      await checkRoot(of('root tenant'), watching, rootId),
      await checkRights(of('rights'), watching, rootId),
      checkClock(of('clock'), skew),
    ];
  } catch (error) {
    const later = ['root tenant', 'rights', 'clock'].map((what) => skipped(of(what), 'needs credentials'));
    return [fail(of('credentials'), (error as Error).message, remedyOf(error, name, inFile)), ...later];
  }
}

function remedyOf(error: unknown, name: string, inFile: boolean): string {
  const away = isAcronisError(error) && ['unavailable', 'throttled'].includes(error.kind);
  const where = inFile ? ` of ${name} in the file TENANTRY_CLOUDS` : '';
  const [url, id, secret] = inFile
    ? ['baseUrl', 'clientId', 'clientSecretFile (or clientSecret)']
    : ['ACRONIS_BASE_URL', 'ACRONIS_CLIENT_ID', 'ACRONIS_CLIENT_SECRET'];
  return away
    ? `Check ${url}${where} and the network, and try again.`
    : `Check ${url}, ${id} and ${secret}${where}; the client may have been revoked.`;
}

async function checkRoot(name: string, { tenants }: Acronis, rootId: string): Promise<Check> {
  try {
    const { kind, enabled } = await tenants.get(rootId);
    const message = `${rootId}, ${kind}`;
    if (!enabled) return fail(name, `${message}, is disabled`, 'Ask the vendor or your distributor to enable it.');
    if (['partner', 'root', 'folder'].includes(kind)) return ok(name, message);
    return fail(name, message, 'Use an API client of a partner tenant: a customer tenant cannot contain customers.');
  } catch (error) {
    return fail(name, (error as Error).message, 'Give the API client the role of a partner administrator.');
  }
}

async function checkRights(name: string, { offeringItems, users }: Acronis, rootId: string): Promise<Check> {
  try {
    const items = await offeringItems.availableForChild(rootId, { kind: 'customer' });
    await users.checkLogin('tenantry-doctor');
    if (items.length > 0) return ok(name, `may look up logins, and give customers ${items.length} offering items`);
    return warn(name, 'no offering item is available for customers', 'Switch items on for the root tenant.');
  } catch (error) {
    return fail(name, (error as Error).message, 'Give the API client the role of a partner administrator.');
  }
}

function checkClock(name: string, skew: number | undefined): Check {
  if (skew === undefined) return skipped(name, 'the cloud does not send its time');
  const seconds = Math.round(Math.abs(skew));
  const message = `${seconds} s apart from the cloud's`;
  return seconds <= MAX_SKEW_S ? ok(name, message) : warn(name, message, 'Set this machine to network time.');
}
