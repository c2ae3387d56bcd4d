import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** An object store with the part of S3 that the product uses; the bucket is in the path. */
export interface Bucket {
  endpoint: string;
  /** Stored objects: text and media type, by `bucket/key`. */
  objects: Map<string, { text: string; type: string | undefined }>;
  /** The parts of files that are not complete yet, by the id of their upload. */
  uploads: Map<string, Map<number, Buffer>>;
  /** Method and path of every call. */
  calls: string[];
  /** The status that refuses every call; undefined if none is refused. */
  refusing: number | undefined;
  /** Credential scope of the last call. */
  signedFor: string | undefined;
  /** The settings of a worker that stores its artefacts here. */
  settings: Record<string, string>;
  close(): Promise<void>;
}

const codes: Record<number, string> = { 301: 'PermanentRedirect', 403: 'AccessDenied', 404: 'NoSuchKey' };

export async function openBucket(name = 'reports'): Promise<Bucket> {
  const server = createServer((request, response) => {
    void answer(bucket, name, request).then(([status, text = '', type = 'application/xml']) =>
      response
        .writeHead(status, { 'content-type': type, etag: '"x"' })
        .end(request.method === 'HEAD' ? undefined : text),
    );
  });
  // on a busy machine a connection can be idle for long between two calls
  server.keepAliveTimeout = 300_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const bucket: Bucket = {
    endpoint,
    objects: new Map(),
    uploads: new Map(),
    calls: [],
    refusing: undefined,
    signedFor: undefined,
    settings: {
      TENANTRY_ARTEFACTS_BUCKET: name,
      TENANTRY_ARTEFACTS_ENDPOINT: endpoint,
      AWS_ACCESS_KEY_ID: 'of-the-test',
      AWS_SECRET_ACCESS_KEY: 'kept-by-the-test',
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return bucket;
}

async function answer(
  bucket: Bucket,
  name: string,
  request: IncomingMessage,
): Promise<[status: number, text?: string, type?: string | undefined]> {
  const { method = '', headers } = request;
  const path = decodeURIComponent(new URL(request.url ?? '/', bucket.endpoint).pathname.slice(1)).replace(/\/$/, '');
  bucket.calls.push(`${method} ${path}`);
  bucket.signedFor = /Credential=([^,]+)/.exec(headers.authorization ?? '')?.[1];
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (bucket.refusing !== undefined) return refused(bucket.refusing);
  if (path === name) return [200];
  if (!path.startsWith(`${name}/`)) return refused(404);
  const { searchParams } = new URL(request.url ?? '/', bucket.endpoint);
  if (searchParams.has('uploads') || searchParams.has('uploadId'))
    return answerUpload(bucket, { path, method, searchParams, content: Buffer.concat(chunks) });
  if (method === 'PUT')
    bucket.objects.set(path, { text: Buffer.concat(chunks).toString(), type: headers['content-type'] });
  if (method === 'DELETE') bucket.objects.delete(path);
  if (method === 'DELETE') return [204];
  const object = bucket.objects.get(path);
  return object === undefined ? refused(404) : [200, method === 'PUT' ? '' : object.text, object.type];
}

interface UploadCall {
  path: string;
  method: string;
  searchParams: URLSearchParams;
  content: Buffer;
}

/** A file in parts: it is begun, gets its parts, and is completed or given up. */
function answerUpload(bucket: Bucket, { path, method, searchParams, content }: UploadCall): [number, string?] {
  if (searchParams.has('uploads')) {
    const id = `upload-${bucket.calls.length}`;
    bucket.uploads.set(id, new Map());
    return [200, `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`];
  }
  const id = searchParams.get('uploadId')!;
  const parts = bucket.uploads.get(id);
  if (parts === undefined) return refused(404);
  if (method === 'PUT') {
    parts.set(Number(searchParams.get('partNumber')), content);
    return [200];
  }
  bucket.uploads.delete(id);
  if (method === 'DELETE') return [204];
  const whole = [...parts].toSorted(([a], [b]) => a - b).map(([, part]) => part);
  bucket.objects.set(path, { text: Buffer.concat(whole).toString(), type: undefined });
  return [200, '<CompleteMultipartUploadResult><ETag>"x"</ETag></CompleteMultipartUploadResult>'];
}

function refused(status: number): [number, string] {
  return [status, `<Error><Code>${codes[status] ?? 'SlowDown'}</Code><Message>not here</Message></Error>`];
}
