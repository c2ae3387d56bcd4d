import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createAcronis } from '../../acronis/index.js';
import { createReportActivities } from '../../activities/reports.js';
import { attempt } from '../support/activity-environment.js';

const TENANT_ID = '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69';
const MIB = 1024 ** 2;
const ROWS = 120_000;
const HEADER =
  'application.id,infra.backend_type,infra.id,infra.owner_id,name,tenant.id,tenant.kind,tenant.name,usage.absolute.production,usage.absolute.total,usage.effective.total,edition\n';
const row = (nth: number) =>
  `6e6d758d-8e74-3ae3-ac84-50eb0dff12eb,abgw,00000000-0000-0000-0000-${String(nth).padStart(12, '0')},o,pg_base_storage,${nth},customer,"Customer ${nth}, Inc",1.5,1.5,1.5,pck_per_gigabyte\n`;

/** A cloud with one large report, of which it makes each part only when somebody reads. */
function cloudWithReport() {
  const sent = { bytes: 0, sha256: createHash('sha256') };
  let nth = 0;
  const part = () => {
    const lines = Array.from({ length: Math.min(400, ROWS - nth) }, () => row(nth++));
    const bytes = Buffer.from((nth <= 400 ? HEADER : '') + lines.join(''));
    sent.bytes += bytes.length;
    sent.sha256.update(bytes);
    return bytes;
  };
  const file = () =>
    new ReadableStream<Uint8Array>(
      { pull: (controller) => (nth < ROWS ? controller.enqueue(part()) : controller.close()) },
      { highWaterMark: 0 },
    );
  const fetch = async (input: Parameters<typeof globalThis.fetch>[0]) =>
    new Request(input).url.endsWith('/idp/token')
      ? Response.json({ access_token: 'x', expires_in: 7200 })
      : new Response(file());
  const client = { baseUrl: 'https://cloud.example', clientId: 'c', clientSecret: 's', version: 'test' };
  return { acronis: createAcronis({ ...client, fetch }), sent };
}

test('a report of 120,000 rows goes into the store part by part, and is counted on its way', async () => {
  const { acronis, sent } = cloudWithReport();
  let [stored, furthestAhead] = [0, 0];
  const artefacts = {
    put: async ({ content }: { content: AsyncIterable<Uint8Array> }) => {
      for await (const part of content) {
        stored += part.length;
        furthestAhead = Math.max(furthestAhead, sent.bytes - stored);
      }
      return 'test:report';
    },
    check: async () => ({ state: 'ok' as const, message: 'there' }),
  };
  const { keepReport } = createReportActivities({ cloud: () => acronis, secret: async () => '', artefacts });
  const wish = { kind: 'usage_current', level: 'accounts', format: 'csv_v2_0' } as never;
  const spec = { cloud: 'default', tenantId: TENANT_ID, reportId: 'report-1', storedId: 'file-1', wish };

  const { result } = await attempt(keepReport, spec);

  const sha256 = sent.sha256.digest('hex');
  expect(result).toEqual({ artefact: 'test:report', bytes: sent.bytes, sha256, rows: ROWS });
  // the worker never has more than some parts of it, and is free between two parts
  expect(sent.bytes).toBeGreaterThan(16 * MIB);
  expect(furthestAhead).toBeLessThan(MIB);
});
