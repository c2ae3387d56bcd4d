import { TenantryError, type InputProblem } from '../../../contract/errors.js';
import { loadNoticesPath } from '../../../settings/notice-routes.js';
import { loadPlansPath } from '../../../settings/plans.js';
import { loadSourcesPath } from '../../../settings/sources.js';
import { loadNotices, loadPlans, loadSources, type Loaded } from '../event-files.js';
import { findings, type FileFindings } from '../findings.js';
import { findingsOfNotices } from '../notice-check.js';
import { findingsOfPlans } from '../plan-check.js';
import { findingsOfSources } from '../source-check.js';
import { fail, ok, skipped, warn, type Check } from './check.js';

/** Whether `sources.json` can be used, the clouds that it names are there, and Temporal lists its sources daily. */
export async function checkSources(): Promise<Check[]> {
  const name = 'sources';
  if (loadSourcesPath() === undefined) return [skipped(name, 'TENANTRY_SOURCES is not set')];
  return await checkFile(name, loadSources, findingsOfSources, (sources) => Object.keys(sources).length);
}

/** Whether `plans.json` can be used, with the sources and clouds that it names. */
export async function checkPlans(): Promise<Check[]> {
  const name = 'plans';
  if (loadPlansPath() === undefined) return [skipped(name, 'TENANTRY_PLANS is not set')];
  return await checkFile(name, loadPlans, findingsOfPlans, ({ plans }) => Object.keys(plans).length);
}

/** Whether `notices.json` can be used, with the secrets, clouds and sources that it names. */
export async function checkNotices(): Promise<Check[]> {
  const name = 'notices';
  if (loadNoticesPath() === undefined) return [];
  return await checkFile(name, loadNotices, findingsOfNotices, ({ targets }) => Object.keys(targets).length);
}

async function checkFile<T>(
  name: string,
  load: () => Promise<Loaded<T>>,
  look: (content: T) => Promise<FileFindings>,
  count: (content: T) => number,
): Promise<Check[]> {
  const failed = ({ path, message }: InputProblem) =>
    fail(name, `${path}: ${message}`, `Correct it; "tenantry ${name} check" checks it again.`);
  const loaded = await load().catch(onlyKnown);
  if (loaded instanceof TenantryError)
    return loaded.problems.length > 0
      ? loaded.problems.map(failed)
      : [fail(name, loaded.message, 'Correct the path in the settings.')];
  const found = await look(loaded.content).catch(onlyKnown);
  // what prevents it is another file or setting, which has a check of its own
  const { problems, warnings } = found instanceof TenantryError ? findings() : found;
  const doubts = warnings.map(({ path, message, remedy }) => warn(name, `${path}: ${message}`, remedy));
  if (problems.length + doubts.length > 0) return [...problems.map(failed), ...doubts];
  return [ok(name, `${count(loaded.content)} in ${loaded.path}`)];
}

function onlyKnown(error: unknown): TenantryError {
  if (error instanceof TenantryError) return error;
  throw error;
}
