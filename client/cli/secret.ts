import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { openSecretStore, secretName, type SecretStore } from '../../vault/index.js';
import { loadClientSettings } from '../../settings/client.js';
import { TenantryError } from '../../contract/errors.js';
import { Exit } from './exit-codes.js';
import { stdout } from './output.js';

interface Json {
  json?: boolean;
}

/** `tenantry secret put NAME`: keeps a secret, read from the terminal unseen, or from standard input. */
export async function putSecret(name: string, { json }: Json): Promise<number> {
  if (!secretName.test(name))
    throw new TenantryError(
      'refused',
      `${name}: a name may hold letters, digits and . _ - only, and begins with no sign.`,
    );
  const store = storeOfSettings();
  const value = process.stdin.isTTY ? await askUnseen(`Value of ${name}: `) : (await text(process.stdin)).trimEnd();
  if (value === '') throw new TenantryError('refused', 'The secret is empty; nothing was stored.');
  await store.put(name, value);
  stdout(json ? JSON.stringify({ stored: name, secretRef: `store:${name}` }) : `stored; refer to it as store:${name}`);
  return Exit.done;
}

/** `tenantry secret list`: the names, never a value. */
export async function listSecrets({ json }: Json): Promise<number> {
  const names = (await storeOfSettings().names()).toSorted();
  stdout(json ? JSON.stringify(names) : names.length === 0 ? 'no secrets' : names.join('\n'));
  return Exit.done;
}

/** `tenantry secret remove NAME` */
export async function removeSecret(name: string, { json }: Json): Promise<number> {
  if (!secretName.test(name) || !(await storeOfSettings().remove(name)))
    throw new TenantryError('refused', `There is no secret ${name}. "tenantry secret list" shows those there are.`);
  stdout(json ? JSON.stringify({ removed: name }) : `${name} is removed`);
  return Exit.done;
}

/** `tenantry secret reseal`: encrypts every stored secret again with the first of the keys, so that an older one can be given up. */
export async function resealSecrets({ json }: Json): Promise<number> {
  const store = storeOfSettings();
  const names = (await store.names()).toSorted();
  for (const name of names) {
    const value = await store.get(name);
    if (value !== undefined) await store.put(name, value);
  }
  stdout(json ? JSON.stringify({ resealed: names }) : `${names.length} resealed`);
  return Exit.done;
}

function storeOfSettings(): SecretStore {
  const { keys, secretStore } = loadClientSettings();
  const missing = [
    ...(secretStore === undefined ? ['TENANTRY_SECRETS_STORE: is missing; the folder in which secrets are kept'] : []),
    ...(keys === undefined ? ['TENANTRY_CODEC_KEYS: is missing; make one: k1:$(openssl rand -base64 32)'] : []),
  ];
  if (secretStore === undefined || keys === undefined) throw new TenantryError('refused', missing.join('\n'));
  return openSecretStore(secretStore, keys);
}

async function askUnseen(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
