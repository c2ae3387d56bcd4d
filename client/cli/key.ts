import { Option } from 'commander';
import { TenantryError } from '../../contract/errors.js';
import { createKey, keyName, loadApiKeysPath, readKeys, revokeKey, roles, type Role } from '../../settings/api-keys.js';
import { findOperation } from '../operations.js';
import type { CliCommand, JsonOption } from './command.js';
import { Exit } from './exit-codes.js';
import { stdout, table } from './output.js';

/** The commands about the keys of the HTTP API. */
export function addKeys(top: CliCommand): void {
  const key = top
    .command('key')
    .description('keys of the HTTP API')
    .examples('key create shop --role operate', 'key list', 'key revoke shop');
  key
    .command('create <name>')
    .description('make a key; its last line is the key itself, which is shown only now')
    .addOption(
      new Option('--role <role>', 'read: sees; operate: also starts and cancels; decide: also decides')
        .choices(roles)
        .makeOptionMandatory(),
    )
    .option('--operations <names>', 'only these operations, such as provisionCustomer,resendActivation')
    .json()
    .handler(create)
    .examples('key create shop --role operate', 'key create desk --role decide --json');
  key.command('list').description('the names and roles of all keys').json().handler(list).examples('key list');
  key
    .command('revoke <name>')
    .description('revoke a key; it stops working within 10 seconds')
    .json()
    .handler(revoke)
    .examples('key revoke shop');
}

interface CreateOptions extends JsonOption {
  role: Role;
  operations?: string;
}

/** `tenantry key create NAME --role ROLE` */
async function create(name: string, { role, operations, json }: CreateOptions): Promise<number> {
  if (!keyName.test(name))
    throw new TenantryError(
      'refused',
      `${name}: a name may hold letters, digits and . _ @ - only, must begin with a letter or digit, and has at most 64 characters.`,
    );
  const only = operations?.split(',').map((one) => findOperation(one.trim()).name);
  const key = await createKey(keysPath(), { name, role, ...(only && { operations: only }) });
  const about = `${name} may ${may[role]}${only === undefined ? '' : ` (only ${only.join(', ')})`}. Keep the key: it is shown only now.`;
  stdout(json ? JSON.stringify({ name, role, key }) : `${about}\n${key}`);
  return Exit.done;
}

const may: Readonly<Record<Role, string>> = {
  read: 'read',
  operate: 'read, start and cancel',
  decide: 'read, start, cancel and decide',
};

/** `tenantry key list`: never a key. */
async function list({ json }: JsonOption): Promise<number> {
  const keys = await readKeys(keysPath());
  const rows = keys.map(({ name, role, operations = 'all', createdAt }) => ({ name, role, operations, createdAt }));
  if (json) stdout(JSON.stringify(rows));
  else if (rows.length === 0) stdout('no keys');
  else
    stdout(
      table(
        ['NAME', 'ROLE', 'OPERATIONS', 'CREATED'],
        rows.map((row) => Object.values(row).map(String)),
      ),
    );
  return Exit.done;
}

/** `tenantry key revoke NAME` */
async function revoke(name: string, { json }: JsonOption): Promise<number> {
  await revokeKey(keysPath(), name);
  stdout(json ? JSON.stringify({ revoked: name }) : `${name} is revoked`);
  return Exit.done;
}

function keysPath(): string {
  const path = loadApiKeysPath();
  if (path !== undefined) return path;
  throw new TenantryError(
    'refused',
    'TENANTRY_API_KEYS: is missing; the file in which the keys are kept, such as /etc/tenantry/api-keys.json',
  );
}
