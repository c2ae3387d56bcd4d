import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import { textOf } from '../support/file-content.js';
import { aRefusal, failureOf, startStandIn, TENANT_ID, USER_ID, type StandIn } from './stand-in.js';

let cloud: StandIn;
afterEach(async () => {
  await cloud.close();
});

const MIB = 1024 ** 2;
const download = () => cloud.acronis.reports.download(USER_ID, 'file-1', { format: 'csv', size: null });

/** Answers with zeros without end, compressed, and counts the bytes that were made. */
async function startBomb(status: number): Promise<{ made: () => number }> {
  let made = 0;
  cloud = await startStandIn((_seen, response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    const gzip = createGzip();
    gzip.pipe(response).on('close', () => gzip.destroy());
    const zeros = Buffer.alloc(MIB);
    const more = () => {
      while (!gzip.destroyed && gzip.write(zeros)) made += zeros.length;
    };
    gzip.on('drain', more).on('error', () => undefined);
    more();
    return undefined;
  });
  return { made: () => made };
}

test('an answer that becomes large when it is decompressed is not read to its end', async () => {
  const bomb = gzipSync(Buffer.alloc(100 * MIB, ' '));
  cloud = await startStandIn((_seen, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb);
    return undefined;
  });

  expect(await failureOf(cloud.acronis.tenants.get(TENANT_ID))).toMatchObject({
    kind: 'unreadable',
    message: expect.stringContaining('larger than 16 MiB'),
  });
});

test.each([
  [200, 'unreadable'],
  [403, 'unreadable'],
  [503, 'unavailable'],
])('an answer of %i without end ends as %s, long before its time is over', async (status, kind) => {
  await startBomb(status);

  expect(await failureOf(cloud.acronis.tenants.get(TENANT_ID))).toMatchObject({ kind, facts: { status } });
});

test('an error of the vendor is read as before', async () => {
  cloud = await startStandIn(() => [400, aRefusal(1001, 'x'.repeat(30_000))]);

  expect(await failureOf(cloud.acronis.tenants.get(TENANT_ID))).toMatchObject({ kind: 'conflict' });
});

test('a file may take longer than one call, as long as something arrives', async () => {
  const lines = Array.from({ length: 20 }, (_, nth) => `${nth},row\n`);
  cloud = await startStandIn(
    (_seen, response) => {
      response.writeHead(200, { 'content-type': 'text/csv' }).write('id,name\n');
      void (async () => {
        for (const line of lines) {
          await sleep(150);
          response.write(line);
        }
        response.end();
      })();
      return undefined;
    },
    { timeoutMs: 1500 },
  );

  expect(await textOf(download().content)).toBe(`id,name\n${lines.join('')}`);
});

test('a file of which nothing more arrives is given up', async () => {
  cloud = await startStandIn(
    (_seen, response) => {
      response.writeHead(200, { 'content-type': 'text/csv' }).write('id,name\n');
      return undefined;
    },
    { timeoutMs: 500 },
  );

  expect(await failureOf(textOf(download().content))).toMatchObject({
    kind: 'unavailable',
    message: 'GET /reports/{id}/stored/{id} got no answer: none within 500 ms',
  });
});

test('a file that is broken off is an error, and so is the end of its attempt', async () => {
  const attempt = new AbortController();
  cloud = await startStandIn((_seen, response) => {
    response.writeHead(200, { 'content-type': 'text/csv' }).write('id,name\n', () => {
      if (cloud.calls.length === 1) response.destroy();
      else attempt.abort('CANCELLED');
    });
    return undefined;
  });

  expect(await failureOf(textOf(download().content))).toMatchObject({ kind: 'unavailable' });
  const mine = cloud.acronis.forAttempt({ signal: attempt.signal }).reports;
  expect(await failureOf(textOf(mine.download(USER_ID, 'file-1', { format: 'csv', size: null }).content))).toBe(
    'CANCELLED',
  );
});

test('a file is not asked for before it is read', async () => {
  cloud = await startStandIn(() => [200, 'a,b\n']);

  const { content, summary } = download();

  expect(summary).toThrow('not read to its end');
  expect(cloud.calls).toHaveLength(0);
  expect(await textOf(content)).toBe('a,b\n');
  expect(summary()).toEqual({ bytes: 4, rows: 0 });
});
