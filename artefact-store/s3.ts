import { Readable } from 'node:stream';
import type * as S3 from '@aws-sdk/client-s3';
import type * as Storage from '@aws-sdk/lib-storage';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { S3Settings } from '../settings/artefacts.js';
import type { ReadableArtefactStore } from '../contract/artefacts.js';
import { decodeText } from '../contract/text-files.js';

type Sdk = typeof S3 & Pick<typeof Storage, 'Upload'>;
type S3Client = S3.S3Client;
type CallS3 = <T>(call: (client: S3Client, sdk: Sdk) => Promise<T>) => Promise<T>;

const CONNECT_MS = 5000;
const CALL_MS = 60_000;
/** A larger file is sent in parts of this size, of which one is in memory. S3 takes 10,000 parts of at least 5 MiB. */
const PART_BYTES = 8 * 1024 * 1024;

/**
 * Keeps artefacts as objects in a bucket of S3 or a compatible store. The SDK finds the credentials: environment,
 * profile or role.
 */
export function createS3Store(settings: S3Settings): ReadableArtefactStore {
  const { bucket, prefix } = settings;
  let opened: Promise<readonly [S3Client, Sdk]> | undefined;
  const callS3: CallS3 = async (call) => {
    try {
      return await call(...(await (opened ??= open(settings))));
    } catch (error) {
      throw new Error(describeError(bucket, error), { cause: error });
    }
  };
  return {
    async put({ name, content, type }) {
      const Key = prefix + name;
      const params = { Bucket: bucket, Key, Body: Readable.from(content, { objectMode: false }), ContentType: type };
      await callS3((client, { Upload }) => new Upload({ client, params, partSize: PART_BYTES, queueSize: 1 }).done());
      return `s3://${bucket}/${Key}`;
    },
    holds: (location) => location.startsWith(`s3://${bucket}/${prefix}`),
    async get(location) {
      const object = objectAt(location);
      return await callS3(async (client, { GetObjectCommand }) => {
        const { Body } = await client.send(new GetObjectCommand(object));
        return decodeText((await Body?.transformToByteArray()) ?? new Uint8Array());
      });
    },
    async remove(location) {
      const object = objectAt(location);
      await callS3(async (client, { DeleteObjectCommand }) => await client.send(new DeleteObjectCommand(object)));
    },
    check: async () => await check(callS3, settings),
  };
}

function objectAt(location: string): { Bucket: string; Key: string } {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location) ?? [];
  if (Bucket === undefined || Key === undefined) throw new Error(`${location} must be like s3://bucket/name`);
  return { Bucket, Key };
}

async function open({ region, endpoint, proxy }: S3Settings): Promise<readonly [S3Client, Sdk]> {
  const { Upload } = await import('@aws-sdk/lib-storage');
  const sdk = { ...(await import('@aws-sdk/client-s3')), Upload };
  const agent = proxy === undefined ? undefined : new HttpsProxyAgent(proxy);
  const client = new sdk.S3Client({
    ...(region !== undefined && { region }),
    // compatible stores support neither bucket names in the host name nor every checksum
    ...(endpoint !== undefined && {
      endpoint,
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    }),
    // retries are left to Temporal, where they are visible
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: CALL_MS,
      throwOnRequestTimeout: true,
      ...(agent && { httpAgent: agent, httpsAgent: agent }),
    },
  });
  return [client, sdk];
}

async function check(callS3: CallS3, { bucket, endpoint }: S3Settings): ReturnType<ReadableArtefactStore['check']> {
  try {
    await callS3((client, { HeadBucketCommand }) => client.send(new HeadBucketCommand({ Bucket: bucket })));
    return { state: 'ok', message: `bucket ${bucket}${endpoint === undefined ? '' : ` at ${endpoint}`}` };
  } catch (error) {
    const status = statusOf((error as Error).cause);
    // without an answer the store may work later; only missing settings are certainly wrong
    const { name, message } = (error as { cause: Error }).cause;
    const isMisconfigured = name === 'CredentialsProviderError' || message === 'Region is missing';
    const isRefused = status === 404 || status === 301;
    return { state: isMisconfigured ? 'wrong' : isRefused ? 'refused' : 'unsure', message: (error as Error).message };
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

function describeError(bucket: string, error: unknown): string {
  const { name, message } = error as Error;
  const status = statusOf(error);
  const remedy = remedies[name] ?? remedies[message] ?? (status === undefined ? undefined : remedies[status]);
  const parts = [
    name === 'Error' ? undefined : name,
    message === name || message === 'UnknownError' ? undefined : message,
    status,
  ].filter(Boolean);
  return `bucket ${bucket}: ${parts.join(', ')}${remedy === undefined ? '' : `; ${remedy}`}`;
}
