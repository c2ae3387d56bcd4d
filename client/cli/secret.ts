import { userInfo } from 'node:os';
import { openSecretStore, secretName, secretReadings, type SecretStore } from '../../vault/index.js';
import { loadClientSettings } from '../../settings/client.js';
import { HOW_TO_GET_KEYS } from '../../settings/encryption.js';
import { TenantryError } from '../../contract/errors.js';
import { askWithoutEcho } from './ask.js';
import type { CliCommand, JsonOption } from './command.js';
import { Exit } from './exit-codes.js';
import { readText } from './parsers.js';
import { stdout } from './output.js';

/** The commands about stored secrets. */
export function addSecrets(top: CliCommand): void {
  const secret = top
    .command('secret')
    .description('keep secrets that inputs refer to as store:NAME')
    .examples('secret put customer-inc-password', 'secret list');
  secret
    .command('put <name>')
    .description('store a secret, read from the terminal or from standard input')
    .json()
    .handler(putSecret)
    .examples('secret put customer-inc-password', 'secret put customer-inc-password < password.txt');
  secret
    .command('get <name>')
    .description('print a stored secret, such as the token for an installer; on a terminal only, unless you say --yes')
    .option('--yes', 'print it also where it may be kept: into a file or a pipe')
    .json()
    .handler(getSecret)
    .examples('secret get installer-token-ca49444f', 'secret get customer-inc-password --yes > password.txt');
  secret
    .command('list')
    .description('the names of the stored secrets')
    .json()
    .handler(listSecrets)
    .examples('secret list');
  secret
    .command('remove <name>')
    .description('delete a stored secret')
    .json()
    .handler(removeSecret)
    .examples('secret remove customer-inc-password');
  secret
    .command('reseal')
    .description('encrypt every stored secret with the first of the keys')
    .json()
    .handler(resealSecrets)
    .examples('secret reseal');
}

/** `tenantry secret put NAME`: stores a secret, read from the terminal without echo, or from standard input. */
async function putSecret(given: string, { json }: JsonOption): Promise<number> {
  const name = nameIn(given);
  if (!secretName.test(name))
    throw new TenantryError(
      'refused',
      `${name}: a name may hold letters, digits and . _ - only, and must begin with a letter or digit.`,
    );
  const store = openConfiguredStore();
  const value = process.stdin.isTTY ? await askWithoutEcho(`Value of ${name}: `) : (await readText('-')).trimEnd();
  if (value === '') throw new TenantryError('refused', 'The secret is empty; nothing was stored.');
  await store.put(name, value);
  stdout(json ? JSON.stringify({ stored: name, secretRef: `store:${name}` }) : `stored; refer to it as store:${name}`);
  return Exit.done;
}

/** `tenantry secret get NAME`: the value alone, on a line of its own. */
async function getSecret(given: string, { json, yes }: JsonOption & { yes?: boolean }): Promise<number> {
  const name = nameIn(given);
  if (!process.stdout.isTTY && !yes)
    throw new TenantryError(
      'refused',
      `${name} was not printed: the output is no terminal, so somebody may keep it. Add --yes if that is meant.`,
    );
  const secret = secretName.test(name) ? await openConfiguredStore().read(name) : undefined;
  if (secret === undefined) throw noSuchSecret(name);
  await noteReading(name);
  stdout(json ? JSON.stringify({ name, value: secret.value }) : secret.value);
  return Exit.done;
}

/** Writes down who reads a secret, before it is shown. */
async function noteReading(name: string): Promise<void> {
  const folder = loadClientSettings().secretStore!;
  const reading = { name, by: userInfo().username, over: 'command line' } as const;
  await secretReadings(folder)
    .note(reading)
    .catch((error: NodeJS.ErrnoException) => {
      const remedy = `Check that this user may write the file readings.jsonl in TENANTRY_SECRETS_STORE (${folder}).`;
      throw new TenantryError(
        'refused',
        `${name} was not printed: that you read it cannot be written down (${error.code ?? error.name}). ${remedy}`,
      );
    });
}

/** `tenantry secret list`: the names, never a value. */
async function listSecrets({ json }: JsonOption): Promise<number> {
  const names = (await openConfiguredStore().names()).toSorted();
  stdout(json ? JSON.stringify(names) : names.length === 0 ? 'no secrets' : names.join('\n'));
  return Exit.done;
}

/** `tenantry secret remove NAME` */
async function removeSecret(given: string, { json }: JsonOption): Promise<number> {
  const name = nameIn(given);
  if (!secretName.test(name) || !(await openConfiguredStore().remove(name))) throw noSuchSecret(name);
  stdout(json ? JSON.stringify({ removed: name }) : `${name} is removed`);
  return Exit.done;
}

/** `tenantry secret reseal`: encrypts every secret again with the first key, so that an older one can be removed. */
async function resealSecrets({ json }: JsonOption): Promise<number> {
  const store = openConfiguredStore();
  const names = (await store.names()).toSorted();
  for (const name of names) {
    const secret = await store.read(name);
    if (secret !== undefined) await store.put(name, secret.value, secret.origin);
  }
  stdout(json ? JSON.stringify({ resealed: names }) : `${names.length} resealed`);
  return Exit.done;
}

/** Inputs and statuses name a secret as `store:NAME`, so people paste that too. */
function nameIn(given: string): string {
  return given.replace(/^store:/, '');
}

function noSuchSecret(name: string): TenantryError {
  return new TenantryError('refused', `There is no secret ${name}. "tenantry secret list" shows those there are.`);
}

function openConfiguredStore(): SecretStore {
  const { keys, secretStore } = loadClientSettings();
  const missing = [
    ...(secretStore === undefined
      ? ['TENANTRY_SECRETS_STORE: is missing; set it to the folder in which secrets are kept']
      : []),
    ...(keys === undefined ? [`TENANTRY_CODEC_KEYS: is missing. ${HOW_TO_GET_KEYS}`] : []),
  ];
  if (secretStore === undefined || keys === undefined) throw new TenantryError('refused', missing.join('\n'));
  return openSecretStore(secretStore, keys);
}
