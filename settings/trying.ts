import { TenantryError } from '../contract/errors.js';
import { parseJson } from '../contract/json.js';
import { isProduction } from './production.js';
import { readEnvironment, readTrimmed, type Environment } from './reader.js';

const SETTING = /^(ACRONIS|TEMPORAL|TENANTRY)_/;
const OF_THE_ENGINE = 'TENANTRY_TEMPORAL_CLI';
const THIS_MACHINE = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const REMEDY =
  'Unset it, or go to a folder without that .env: "tenantry up" is for trying, and never works on a real cloud.';

/** Fails as `refused` when the settings here point at a real cloud or at production, so that nobody takes one for the other. */
export function refuseRealCloud(given?: Environment): void {
  const values = readEnvironment(given);
  const problem = whyReal(values);
  if (problem !== undefined) throw new TenantryError('refused', `${problem}. ${REMEDY}`);
}

function whyReal(values: Record<string, string>): string | undefined {
  if (isProduction(values)) return 'TENANTRY_ENV: is "production" here';
  const { ACRONIS_BASE_URL: url, ACRONIS_BASE_URL_FILE: file, TENANTRY_CLOUDS: clouds } = values;
  if (url !== undefined && !isOfThisMachine(url)) return `ACRONIS_BASE_URL: names ${url}, which may be a real cloud`;
  if (file !== undefined && !isOfThisMachine(textOf(file)))
    return `ACRONIS_BASE_URL_FILE: names ${file}, which may name a real cloud`;
  if (clouds !== undefined && !namesOnlyThisMachine(textOf(clouds)))
    return `TENANTRY_CLOUDS: names ${clouds}, which may name a real cloud`;
  return undefined;
}

function textOf(file: string): string {
  const content = readTrimmed(file);
  return 'text' in content ? content.text : '';
}

function isOfThisMachine(url: string): boolean {
  return URL.canParse(url) && THIS_MACHINE.test(new URL(url).hostname);
}

/** False also for what cannot be read. */
function namesOnlyThisMachine(text: string): boolean {
  const clouds = Object.values((parseJson(text) ?? {}) as Record<string, { baseUrl?: unknown } | null>);
  return clouds.length > 0 && clouds.every((cloud) => isOfThisMachine(String(cloud?.baseUrl)));
}

/** The names of the settings here that a second terminal would have besides `others`. */
export function settingsBesides(others: readonly string[], given?: Environment): string[] {
  const isOther = (name: string) => SETTING.test(name) && name !== OF_THE_ENGINE && !others.includes(name);
  return Object.keys(readEnvironment(given)).filter(isOther);
}

/** Whether npm or npx has started this program. They end by SIGTERM without passing it on. */
export function isStartedByNpm(given: Environment = process.env): boolean {
  return Boolean(given['npm_command']);
}

/** This environment without the settings of clouds, runs and Temporal's clients: for what only needs its programs and caches. */
export function withoutSettings(given: Environment = process.env): Record<string, string> {
  const kept = Object.entries(given).filter(([name]) => !SETTING.test(name) || name === OF_THE_ENGINE);
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
