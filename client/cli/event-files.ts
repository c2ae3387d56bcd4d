import { TenantryError } from '../../contract/errors.js';
import { readNotices, type NoticesFile } from '../../notice-routes/notices-file.js';
import { readPlans, type SalesPlans } from '../../sales-plans/plans-file.js';
import { readJsonFile, type FileReading } from '../../settings/json-file.js';
import { loadNoticesPath } from '../../settings/notice-routes.js';
import { loadPlansPath } from '../../settings/plans.js';
import { loadSourcesPath } from '../../settings/sources.js';
import { unusable } from '../../settings/watched-file.js';
import { readSources, type Sources } from '../../sources/sources-file.js';
import { nameOf, readText } from './parsers.js';

/** A file that can be used, with its path. */
export interface Loaded<T> {
  path: string;
  content: T;
}

/** The sources of the file, or of the one that TENANTRY_SOURCES names. Refused, with every problem, when it cannot be used. */
export async function loadSources(file?: string): Promise<Loaded<Sources>> {
  const path = file ?? loadSourcesPath();
  if (path === undefined)
    throw new TenantryError('refused', 'No sources are configured: set TENANTRY_SOURCES to the path of sources.json.');
  const setting = file === undefined ? 'TENANTRY_SOURCES' : undefined;
  const { sources } = await load({ path, name: 'sources', setting }, readSources);
  return { path: nameOf(path), content: sources };
}

/** The plans of the file, or of the one that TENANTRY_PLANS names. Refused, with every problem, when it cannot be used. */
export async function loadPlans(file?: string): Promise<Loaded<SalesPlans>> {
  const path = file ?? loadPlansPath();
  if (path === undefined)
    throw new TenantryError('refused', 'No sales plans are configured: set TENANTRY_PLANS to the path of plans.json.');
  const setting = file === undefined ? 'TENANTRY_PLANS' : undefined;
  return { path: nameOf(path), content: await load({ path, name: 'plans', setting }, readPlans) };
}

/** The notices of the file, or of the one that TENANTRY_NOTICES names. Refused, with every problem, when it cannot be used. */
export async function loadNotices(file?: string): Promise<Loaded<NoticesFile>> {
  const path = file ?? loadNoticesPath();
  if (path === undefined)
    throw new TenantryError('refused', 'No notices are routed: set TENANTRY_NOTICES to the path of notices.json.');
  const setting = file === undefined ? 'TENANTRY_NOTICES' : undefined;
  return { path: nameOf(path), content: await load({ path, name: 'notices', setting }, readNotices) };
}

interface NamedFile {
  path: string;
  name: string;
  /** The setting that names it, if one does. */
  setting: string | undefined;
}

async function load<T extends object>(
  { path, name, setting }: NamedFile,
  read: (value: unknown) => FileReading<T>,
): Promise<T> {
  const reading = await readJsonFile(await readText(path, setting), name, read);
  if ('problems' in reading) throw unusable(nameOf(path), reading.problems, setting);
  return reading;
}
