import { z } from 'zod';
import { isProduction, unencryptedProblem } from './production.js';
import { proxyFor } from './proxy.js';
import { about, optionalText } from './reader.js';

/** Where a worker keeps the files that runs bring. */
export type ArtefactSettings = { folder: string } | S3Settings;

export interface S3Settings {
  bucket: string;
  /** Undefined: as the SDK itself finds it (`AWS_REGION`, a profile). */
  region: string | undefined;
  /** Of a compatible store; undefined for Amazon's own. */
  endpoint: string | undefined;
  /** Start of the names of all files; ends with `/` unless it is empty. */
  prefix: string;
  /** HTTP proxy towards it; undefined when it is reached directly. */
  proxy: string | undefined;
}

const FOLDER = 'artefacts';
/** Requests need a region in their signature, also for compatible stores that have none. */
const ANY_REGION = 'us-east-1';
const BUCKET = 'TENANTRY_ARTEFACTS_BUCKET';
const ofBucket = ['TENANTRY_ARTEFACTS_REGION', 'TENANTRY_ARTEFACTS_ENDPOINT', 'TENANTRY_ARTEFACTS_PREFIX'] as const;

const artefactVariables = z.looseObject({
  TENANTRY_ARTEFACTS_DIR: optionalText({
    meaning:
      'Folder for files that runs bring, such as usage reports. Several workers need one folder that they share.',
    default: `the folder \`${FOLDER}\` where the worker runs`,
  }),
  TENANTRY_ARTEFACTS_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket: 3 to 63 of a-z, 0-9, . and -')
    .optional()
    .register(about, {
      meaning:
        "Bucket of S3 for these files, instead of the folder. Amazon's SDK finds the credentials (`AWS_…`, a profile).",
    }),
  TENANTRY_ARTEFACTS_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'must be a region such as "eu-central-1"')
    .optional()
    .register(about, {
      meaning: 'Region of the bucket.',
      default: "as Amazon's SDK finds it (`AWS_REGION`, a profile)",
    }),
  TENANTRY_ARTEFACTS_ENDPOINT: z
    .string()
    .refine(isOrigin, 'must be an address such as "https://storage.example.com:9000", without a path or login')
    .optional()
    .register(about, {
      meaning: 'Address of a store that is compatible with S3, such as `https://storage.example.com:9000`.',
      default: "Amazon's own",
    }),
  TENANTRY_ARTEFACTS_PREFIX: z
    .string()
    .regex(
      /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*\/?$/,
      'must be parts of letters, digits, . _ and - with / between them, such as "tenantry/eu"',
    )
    .optional()
    .register(about, { meaning: 'Start of the names of all files in the bucket, such as `tenantry/eu`.' }),
});

/** A folder or a bucket. */
export const artefactSettings = artefactVariables
  .superRefine((values, context) => {
    const report = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    const { [BUCKET]: bucket, TENANTRY_ARTEFACTS_DIR: folder, TENANTRY_ARTEFACTS_ENDPOINT: endpoint } = values;
    const unencrypted = endpoint !== undefined && isProduction(values) ? unencryptedProblem(endpoint) : undefined;
    if (unencrypted !== undefined) report('TENANTRY_ARTEFACTS_ENDPOINT', unencrypted);
    if (bucket === undefined) {
      for (const name of ofBucket.filter((one) => values[one] !== undefined))
        report(name, `needs ${BUCKET}, the bucket to which it applies`);
    } else if (folder !== undefined)
      report('TENANTRY_ARTEFACTS_DIR', `remove it or ${BUCKET}: files are kept in one place`);
  })
  .transform(toArtefactSettings)
  .meta({ title: 'Where files are kept' });

function toArtefactSettings(values: z.output<typeof artefactVariables>): ArtefactSettings {
  const bucket = values.TENANTRY_ARTEFACTS_BUCKET;
  if (bucket === undefined) return { folder: values.TENANTRY_ARTEFACTS_DIR ?? FOLDER };
  const { TENANTRY_ARTEFACTS_ENDPOINT: endpoint, TENANTRY_ARTEFACTS_PREFIX: prefix } = values;
  const region = values.TENANTRY_ARTEFACTS_REGION ?? (endpoint === undefined ? undefined : ANY_REGION);
  return {
    bucket,
    region,
    endpoint,
    prefix: prefix === undefined ? '' : prefix.replace(/\/?$/, '/'),
    proxy: proxyFor(endpoint ?? `https://${bucket}.s3.${region ?? ANY_REGION}.amazonaws.com`, values),
  };
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash, username, password } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && pathname === '/' && search + hash + username + password === '';
}
