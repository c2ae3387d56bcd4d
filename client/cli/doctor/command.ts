import { createCloudClients } from '../../../acronis/index.js';
import { openArtefacts } from '../../../artefact-store/index.js';
import { hasArtefacts, hasClouds, loadArtefacts, loadClientSettings, loadClouds } from '../../../settings/client.js';
import { TenantryError } from '../../../contract/errors.js';
import { fail, ok, skipped, warn, type Check } from './check.js';
import { checkCloud } from './cloud.js';
import { checkNotices, checkPlans, checkSources } from './event-files.js';
import { checkOutgoing } from './outgoing.js';
import { checkEncryption, checkNames, checkSystem } from './settings.js';
import { checkTemporal } from './temporal.js';
import { Exit } from '../exit-codes.js';
import type { CliCommand, JsonOption } from '../command.js';
import { stdout } from '../output.js';
import { version } from '../../../settings/version.js';

/** The command that checks everything that a run needs. */
export function addDoctor(top: CliCommand): void {
  top
    .command('doctor')
    .description(
      'check connection, namespace, search attributes, workers, credentials, rights, clock, sources, plans, notices and outgoing events',
    )
    .json()
    .withoutSettingsWarning()
    .handler(doctor)
    .examples('doctor', 'doctor --json');
}

/** `tenantry doctor`: checks everything that a run needs, and names the remedy of what is wrong. Changes nothing. */
async function doctor({ json }: JsonOption): Promise<number> {
  const pending = [
    checkSettings('settings', () => [checkNames(), ...checkSystem(hasClouds())]),
    checkSettings('settings', checkEncryptionAndTemporal),
    checkSettings('clouds', checkClouds),
    checkSettings('artefacts', checkArtefacts),
    checkSettings('sources', checkSources),
    checkSettings('plans', checkPlans),
    checkSettings('notices', checkNotices),
    checkSettings('outgoing events', checkOutgoing),
  ];
  const checks = (await Promise.all(pending)).flat();
  const healthy = checks.every(({ state }) => state !== 'fail');
  stdout(json ? JSON.stringify({ ok: healthy, checks }) : checks.map(line).join('\n'));
  return healthy ? Exit.done : Exit.internal;
}

/** Refused settings are failed checks: one for each problem. */
async function checkSettings(name: string, check: () => Check[] | Promise<Check[]>): Promise<Check[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof TenantryError) || error.problems.length === 0) throw error;
    return error.problems.map(({ path, message }) => fail(name, `${path}: ${message}`, 'Fix the setting.'));
  }
}

async function checkEncryptionAndTemporal(): Promise<Check[]> {
  const settings = loadClientSettings();
  return [checkEncryption(settings), ...(await checkTemporal(settings, version()))];
}

async function checkClouds(): Promise<Check[]> {
  if (!hasClouds()) return [skipped('clouds', 'none is configured here; run doctor where the worker runs')];
  const { clouds, inFile } = loadClouds();
  const opened = [...createCloudClients(clouds, version())];
  return (await Promise.all(opened.map(([name, cloud]) => checkCloud(name, cloud, inFile.includes(name))))).flat();
}

async function checkArtefacts(): Promise<Check[]> {
  const name = 'artefacts';
  if (!hasArtefacts() && !hasClouds()) return [skipped(name, 'no store is configured here')];
  const { state, message } = await openArtefacts(loadArtefacts()).check();
  if (state === 'ok') return [ok(name, message)];
  if (['wrong', 'refused'].includes(state) && hasArtefacts())
    return [fail(name, message, 'Fix the TENANTRY_ARTEFACTS_… settings, or what they name.')];
  return [warn(name, message, 'Runs that bring a file, such as produceReport, may have to wait for it.')];
}

const signs = {
  ok: '✔',
  warn: '!',
  fail: '✘',
  skipped: '–',
} as const;

function line({ name, state, message, remedy }: Check): string {
  return `${signs[state]} ${name}: ${message}${remedy === undefined ? '' : `\n    ${remedy}`}`;
}
