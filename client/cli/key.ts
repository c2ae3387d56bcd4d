import { Option } from 'commander';
import { TenantryError } from '../../contract/errors.js';
import { CLOUD_NAME, DEFAULT_CLOUD, UUID } from '../../contract/ids.js';
import {
  createKey,
  keyName,
  loadApiKeysPath,
  readKeys,
  revokeKey,
  roles,
  type ApiKey,
  type Role,
} from '../../settings/api-keys.js';
import { findOperation } from '../operations.js';
import { toCsv } from '../rows-as-csv.js';
import type { CliCommand, JsonOption, ListForm } from './command.js';
import { Exit } from './exit-codes.js';
import { stdout } from './output.js';
import { table } from './table.js';

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
    .addOption(
      new Option('--below <tenant-id>', 'only this tenant and all below it; may be repeated').argParser(
        (id, ids: string[] | undefined) => [...(ids ?? []), id],
      ),
    )
    .option('--cloud <name>', 'the cloud of the tenants of --below, where there are several clouds')
    .json()
    .handler(create)
    .examples(
      'key create shop --role operate',
      'key create desk --role decide --json',
      'key create partner --role operate --below 7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69',
    );
  key.command('list').description('the names and roles of all keys').list().handler(list).examples('key list');
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
  below?: string[];
  cloud?: string;
}

/** `tenantry key create NAME --role ROLE` */
async function create(name: string, { role, operations, json, ...part }: CreateOptions): Promise<number> {
  if (!keyName.test(name))
    throw new TenantryError(
      'refused',
      `${name}: a name may hold letters, digits and . _ @ - only, must begin with a letter or digit, and has at most 64 characters.`,
    );
  const only = operations?.split(',').map((one) => findOperation(one.trim()).name);
  const below = readBelow(part);
  const limits = { ...(only && { operations: only }), ...(below && { below }) };
  const key = await createKey(keysPath(), { name, role, ...limits });
  const where = below === undefined ? '' : `, at or below ${toText(below)} only`;
  const about = `${name} may ${may[role]}${only === undefined ? '' : ` (only ${only.join(', ')})`}${where}. Keep the key: it is shown only now.`;
  stdout(json ? JSON.stringify({ name, role, key }) : `${about}\n${key}`);
  return Exit.done;
}

function readBelow({ below, cloud: named }: Pick<CreateOptions, 'below' | 'cloud'>): ApiKey['below'] {
  const cloud = named ?? DEFAULT_CLOUD;
  if (!CLOUD_NAME.test(cloud)) throw new TenantryError('refused', `--cloud ${cloud}: must be the name of a cloud.`);
  if (below === undefined && named !== undefined)
    throw new TenantryError('refused', '--cloud goes with --below: add the tenant, or leave --cloud out.');
  const wrong = below?.find((id) => !UUID.test(id));
  if (wrong === undefined) return below?.map((id) => ({ tenantId: id.toLowerCase(), cloud }));
  const remedy = '"tenantry show search NAME" finds it.';
  throw new TenantryError('refused', `--below ${wrong}: must be the id of a tenant. ${remedy}`);
}

/** The cloud is named where it is not the default one. */
function toText(below: NonNullable<ApiKey['below']>): string {
  return below.map(({ tenantId, cloud }) => (cloud === DEFAULT_CLOUD ? tenantId : `${cloud}/${tenantId}`)).join(', ');
}

const may: Readonly<Record<Role, string>> = {
  read: 'read',
  operate: 'read, start and cancel',
  decide: 'read, start, cancel and decide',
};

/** `tenantry key list`: never a key. */
async function list({ json, csv }: ListForm): Promise<number> {
  const keys = await readKeys(keysPath());
  const rows = keys.map(({ name, role, operations = 'all', below = 'all', createdAt }) => ({
    name,
    role,
    operations,
    below,
    createdAt,
  }));
  const texts = rows.map((row) => ({ ...row, below: typeof row.below === 'string' ? row.below : toText(row.below) }));
  if (json) stdout(JSON.stringify(rows));
  else if (csv) stdout(toCsv(['name', 'role', 'operations', 'below', 'createdAt'], texts));
  else if (rows.length === 0) stdout('no keys');
  else
    stdout(
      table(
        ['NAME', 'ROLE', 'OPERATIONS', 'CREATED', 'BELOW'],
        texts.map(({ name, role, operations, createdAt, below }) =>
          [name, role, operations, createdAt, below].map(String),
        ),
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
    'TENANTRY_API_KEYS: is missing; set it to the file in which the keys are kept, such as /etc/tenantry/api-keys.json',
  );
}
