import { Option } from 'commander';
import { TenantryError } from '../../contract/errors.js';
import type { MachineRow } from '../../simulator/index.js';
import type { CliCommand, JsonOption } from './command.js';
import { Exit } from './exit-codes.js';
import { stdout } from './output.js';
import { table } from './table.js';

const URL_OPTION = ['--url <url>', 'where the simulator is, as its first line says', 'http://127.0.0.1:8080'] as const;

interface Target extends JsonOption {
  url: string;
}

/** The commands that play the machines of a running simulator. */
export function addMachines(simulator: CliCommand): void {
  const machine = simulator
    .command('machine')
    .description('play a machine of a running simulator')
    .examples(
      'simulator machine register --token 7K2P-9QWX-31AB',
      'simulator machine offline 4c1e0c52-0e0f-4a86-9a35-0b1f0f6a2d11',
    );
  const add = (name: string, description: string) =>
    machine
      .command(name)
      .description(description)
      .option(...URL_OPTION)
      .json()
      .withoutSettingsWarning();
  add('register', 'install a machine with a registration token, in the tenant of the token')
    .required('--token <token>', 'the registration token, such as 7K2P-9QWX-31AB')
    .option('--hostname <name>', 'the name of the machine, which another one may have; ws-N.local by default')
    .addOption(
      new Option('--family <family>', 'its system; WINDOWS by default').choices(['WINDOWS', 'LINUX', 'MACOSX']),
    )
    .option('--offline', 'it registers, and comes online later')
    .handler(register)
    .examples('simulator machine register --token 7K2P-9QWX-31AB --hostname ws-1.local');
  for (const [deed, about] of [
    ['online', 'bring a machine online'],
    ['offline', 'take a machine offline'],
  ] as const)
    add(`${deed} <id>`, about)
      .handler((id: string, options: Target) => act(id, deed, options))
      .examples(`simulator machine ${deed} 4c1e0c52-0e0f-4a86-9a35-0b1f0f6a2d11`);
  addRest(add);
  addList(simulator);
}

function addList(simulator: CliCommand): void {
  simulator
    .command('machines')
    .description('list the machines of a running simulator')
    .option('--tenant <id>', 'only those of this tenant and of all below it')
    .option(...URL_OPTION)
    .json()
    .withoutSettingsWarning()
    .handler(list)
    .examples('simulator machines', 'simulator machines --tenant 7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69 --json');
}

function addRest(add: (name: string, description: string) => CliCommand): void {
  add('backup <id>', 'run a backup of a machine to its end, for each plan that backs it up')
    .addOption(new Option('--result <result>', 'how it ends').choices(['ok', 'warning', 'error']).default('ok'))
    .handler((id: string, { result, ...options }: Target & { result: string }) =>
      act(id, 'backup', options, { result }),
    )
    .examples('simulator machine backup 4c1e0c52-0e0f-4a86-9a35-0b1f0f6a2d11 --result error');
  add('reinstall <id>', 'install a machine again: the same name with new ids, and without plans')
    .option('--keep-old', 'the old one stays listed, offline, as when nobody has uninstalled it')
    .handler((id: string, { keepOld = false, ...options }: Target & { keepOld?: boolean }) =>
      act(id, 'reinstall', options, { keepOld }),
    )
    .examples('simulator machine reinstall 4c1e0c52-0e0f-4a86-9a35-0b1f0f6a2d11 --keep-old');
  add('remove <id>', 'take a machine away; its plans no longer apply to it')
    .handler(remove)
    .examples('simulator machine remove 4c1e0c52-0e0f-4a86-9a35-0b1f0f6a2d11');
}

interface Registration extends Target {
  token: string;
  hostname?: string;
  family?: string;
  offline?: boolean;
}

/** `tenantry simulator machine register --token TOKEN` */
async function register({ token, hostname, family, offline = false, ...target }: Registration): Promise<number> {
  const body = { token, hostname, family, online: !offline };
  return show(await call<MachineRow>(target.url, 'POST', '', body), target, 'is registered');
}

/** `tenantry simulator machine DEED ID` */
async function act(id: string, deed: string, target: Target, body: object = {}): Promise<number> {
  const row = await call<MachineRow>(target.url, 'POST', `/${encodeURIComponent(id)}/${deed}`, body);
  return show(row, target, said[deed]!(row));
}

const said: Readonly<Record<string, (row: MachineRow) => string>> = {
  online: () => 'is online',
  offline: () => 'is offline',
  backup: ({ lastBackup }) => `has made a backup: ${lastBackup?.result ?? 'still running'}`,
  reinstall: () => 'is installed again',
};

/** `tenantry simulator machine remove ID` */
async function remove(id: string, target: Target): Promise<number> {
  return show(await call<MachineRow>(target.url, 'DELETE', `/${encodeURIComponent(id)}`), target, 'is removed');
}

function show(row: MachineRow, { json }: JsonOption, done: string): number {
  stdout(json ? JSON.stringify(row) : `${row.hostname} (${row.id}) of ${row.tenant} ${done}`);
  return Exit.done;
}

/** `tenantry simulator machines` */
async function list({ tenant, url, json }: Target & { tenant?: string }): Promise<number> {
  const rows = await call<MachineRow[]>(
    url,
    'GET',
    tenant === undefined ? '' : `?tenant=${encodeURIComponent(tenant)}`,
  );
  if (json) stdout(JSON.stringify(rows));
  else if (rows.length === 0) stdout('no machines');
  else stdout(table(['ID', 'HOST', 'TENANT', 'ONLINE', 'PLANS', 'LAST BACKUP'], rows.map(cells)));
  return Exit.done;
}

function cells({ id, hostname, tenant, online, plans, lastBackup }: MachineRow): string[] {
  const last = lastBackup === null ? '' : `${lastBackup.result ?? 'running'} ${lastBackup.startedAt}`;
  return [id, hostname, tenant, online ? 'yes' : 'no', plans.join(', '), last];
}

/** A call of the simulator's control. Its refusals name the field as the options do. */
async function call<T>(url: string, method: string, path: string, body?: object): Promise<T> {
  const answer = await ask(addressOf(url, path), { method, ...(body && { body: JSON.stringify(body) }) });
  const told = (await answer.json().catch(() => undefined)) as (T & { error?: unknown }) | undefined;
  if (answer.ok && told !== undefined) return told;
  if (typeof told?.error === 'string') throw new TenantryError('refused', told.error);
  throw new TenantryError('refused', `--url ${url}: what answers there is no simulator. ${REMEDY}`);
}

const REMEDY = 'Start one with "tenantry simulator --port 8080", or give the url of its first line with --url.';

function addressOf(url: string, path: string): URL {
  const base = URL.parse(url);
  if (base === null || !['http:', 'https:'].includes(base.protocol))
    throw new TenantryError('refused', `--url ${url}: must be an address, such as http://127.0.0.1:8080`);
  return new URL(`/_simulator/machines${path}`, base);
}

async function ask(address: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { ...init, redirect: 'error' });
  } catch {
    throw new TenantryError('unavailable', `--url ${address.origin}: no simulator answers there. ${REMEDY}`);
  }
}
