import type { Environment } from './named.js';

/** Where a worker keeps the files that runs bring. */
export type ArtefactSettings = { folder: string } | S3Settings;

export interface S3Settings {
  bucket: string;
  /** Undefined: as the SDK itself finds it (`AWS_REGION`, a profile). */
  region: string | undefined;
  /** Of a compatible store; undefined for Amazon's own. */
  endpoint: string | undefined;
  /** What the names of all files begin with, with `/` at its end; or nothing. */
  prefix: string;
}

const FOLDER = 'artefacts';
/** What compatible stores are signed for that know no regions. */
const ANY_REGION = 'us-east-1';
const DIR = 'TENANTRY_ARTEFACTS_DIR';
const BUCKET = 'TENANTRY_ARTEFACTS_BUCKET';
const REGION = 'TENANTRY_ARTEFACTS_REGION';
const ENDPOINT = 'TENANTRY_ARTEFACTS_ENDPOINT';
const PREFIX = 'TENANTRY_ARTEFACTS_PREFIX';

/** Reads TENANTRY_ARTEFACTS_…; a folder beside the worker unless told otherwise. */
export function readArtefacts(environment: Environment, problems: string[]): ArtefactSettings {
  const { [DIR]: folder, [BUCKET]: bucket, [REGION]: region, [ENDPOINT]: endpoint, [PREFIX]: prefix } = environment;
  if (!bucket) {
    for (const name of [REGION, ENDPOINT, PREFIX])
      if (environment[name]) problems.push(`${name}: needs ${BUCKET}, the bucket to which it applies`);
    return { folder: folder || FOLDER };
  }
  if (folder) problems.push(`${DIR}: remove it or ${BUCKET}: files are kept in one place`);
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    problems.push(`${BUCKET}: must be the name of a bucket: 3 to 63 of a-z, 0-9, . and -`);
  if (region && !/^[a-z0-9-]{1,40}$/.test(region)) problems.push(`${REGION}: must be a region such as "eu-central-1"`);
  if (endpoint && !isOrigin(endpoint))
    problems.push(
      `${ENDPOINT}: must be an address such as "https://storage.example.com:9000", without a path or login`,
    );
  if (prefix && !/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*\/?$/.test(prefix))
    problems.push(`${PREFIX}: must be parts of letters, digits, . _ and - with / between them, such as "tenantry/eu"`);
  return {
    bucket,
    region: region || (endpoint ? ANY_REGION : undefined),
    endpoint: endpoint || undefined,
    prefix: prefix ? prefix.replace(/\/?$/, '/') : '',
  };
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash, username, password } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && pathname === '/' && search + hash + username + password === '';
}
