import type * as S3 from '@aws-sdk/client-s3';
import type { S3Settings } from '../settings/artefacts.js';
import type { Artefacts } from '../contract/artefacts.js';

type Sdk = typeof S3;
type S3Client = S3.S3Client;
type Use = <T>(call: (client: S3Client, sdk: Sdk) => Promise<T>) => Promise<T>;

const CONNECT_MS = 5000;
const CALL_MS = 60_000;

/** Keeps artefacts as objects of a bucket of S3, or of a compatible store. Who may do so is the SDK's own affair: environment, profile, role. */
export function s3Store(settings: S3Settings): Artefacts {
  const { bucket, prefix } = settings;
  let opened: Promise<readonly [S3Client, Sdk]> | undefined;
  const use: Use = async (call) => {
    try {
      return await call(...(await (opened ??= open(settings))));
    } catch (error) {
      throw new Error(told(bucket, error), { cause: error });
    }
  };
  return {
    async put({ name, content, type }) {
      const Key = prefix + name;
      const object = { Bucket: bucket, Key, Body: content, ContentType: type };
      await use((client, { PutObjectCommand }) => client.send(new PutObjectCommand(object)));
      return `s3://${bucket}/${Key}`;
    },
    async get(place) {
      const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(place) ?? [];
      if (Bucket === undefined || Key === undefined) throw new Error(`${place} must be like s3://bucket/name`);
      return await use(async (client, { GetObjectCommand }) => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        return (await Body?.transformToString()) ?? '';
      });
    },
    check: async () => await check(use, settings),
  };
}

async function open({ region, endpoint }: S3Settings): Promise<readonly [S3Client, Sdk]> {
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({
    ...(region !== undefined && { region }),
    // compatible stores know neither names of buckets before the host nor every checksum
    ...(endpoint !== undefined && {
      endpoint,
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    }),
    // Temporal tries again, visibly
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: CALL_MS, throwOnRequestTimeout: true },
  });
  return [client, sdk];
}

async function check(use: Use, { bucket, endpoint }: S3Settings): ReturnType<Artefacts['check']> {
  try {
    await use((client, { HeadBucketCommand }) => client.send(new HeadBucketCommand({ Bucket: bucket })));
    return { state: 'ok', message: `bucket ${bucket}${endpoint === undefined ? '' : ` at ${endpoint}`}` };
  } catch (error) {
    const status = statusOf((error as Error).cause);
    // without an answer there may be one later; only where nothing was sent is it sure that nothing will be
    const { name, message } = (error as { cause: Error }).cause;
    const unset = name === 'CredentialsProviderError' || message === 'Region is missing';
    const refused = status === 404 || status === 301;
    return { state: unset ? 'wrong' : refused ? 'refused' : 'unsure', message: (error as Error).message };
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}

const remedies: Record<string, string> = {
  CredentialsProviderError: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or give the machine a role',
  'Region is missing': 'set TENANTRY_ARTEFACTS_REGION',
  301: 'it is in another region: set TENANTRY_ARTEFACTS_REGION',
  403: 'may these credentials put and get objects there?',
  404: 'there is no such bucket or object',
};

function told(bucket: string, error: unknown): string {
  const { name, message } = error as Error;
  const status = statusOf(error);
  const remedy = remedies[name] ?? remedies[message] ?? (status === undefined ? undefined : remedies[status]);
  const said = [
    name === 'Error' ? undefined : name,
    message === name || message === 'UnknownError' ? undefined : message,
    status,
  ].filter(Boolean);
  return `bucket ${bucket}: ${said.join(', ')}${remedy === undefined ? '' : `; ${remedy}`}`;
}
