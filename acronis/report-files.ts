import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { checkFormat } from './report-formats.js';
import type { NewReport } from './reports.js';
import { normalizeId } from './shapes.js';

/** The expected format and size of a report file. */
export interface ExpectedFile {
  format: NewReport['formats'][number];
  /** Bytes, as the vendor states them; null if it does not. */
  size: number | null;
}

/** A file while it is received. */
export interface ReceivedFile {
  body: AsyncIterable<Uint8Array>;
  /** Size of a compressed answer as sent, if the answer states it. */
  compressedSize?: number | undefined;
  /** The error for a file that is not a complete report. */
  refuse(fault: string): Error;
}

/** A report file on its way. */
export interface ReportDownload {
  /** The file, in parts, unpacked. Can be read once. It fails at its end when the file is not complete: keep it only then. */
  content: AsyncIterable<Uint8Array>;
  /** What is in the file. Throws unless the content was read to its end. */
  summary(): ReportSummary;
}

export interface ReportSummary {
  bytes: number;
  /** Number of usage rows; absent if they cannot be counted in this format. */
  rows?: number;
  /** Ids of the tenants in it; absent if it names none. */
  tenants?: string[];
}

/** The most bytes of a file, unpacked. A report of a million rows has about 200 MiB. */
const MOST_BYTES = 1024 ** 3;

/**
 * Passes a report file on while it is received, and checks that it is complete: of the size that the vendor states, in
 * the documented shape of its format, and with a proper end. For an undocumented format, the stated size is enough.
 * Anything else, such as a proxy's page, an empty file or a part, is refused. Only a part of the file is in memory at any
 * time.
 */
export function readReportFile(
  receive: () => Promise<ReceivedFile>,
  expected: ExpectedFile,
  mostBytes = MOST_BYTES,
): ReportDownload {
  let found: ReportSummary | undefined;
  async function* content() {
    const { body, compressedSize, refuse } = await receive();
    const counted = counting(body);
    const check = checkFormat(expected.format);
    let bytes = 0;
    for await (const part of unpacked(counted.parts(), refuse)) {
      bytes += part.byteLength;
      if (bytes > mostBytes) throw refuse(`the file is larger than ${Math.round(mostBytes / 1024 ** 2)} MiB`);
      await check.write(part);
      yield part;
    }
    if (bytes === 0) throw refuse('the file is empty');
    const { size } = expected;
    // no report has 0 bytes, so a stated size of 0 means nothing
    const isSizeStated = size !== null && size > 0;
    if (isSizeStated && ![bytes, counted.bytes(), compressedSize].includes(size))
      throw refuse(`the file has ${bytes} bytes, and the cloud states ${size}`);
    const read = await check.end(isSizeStated);
    if ('fault' in read) throw refuse(read.fault);
    const tenants = [...(read.tenants ?? [])].filter((id) => id !== '').map(normalizeId);
    found = { bytes, ...(read.rows !== undefined && { rows: read.rows }), ...(tenants.length > 0 && { tenants }) };
  }
  return {
    content: content(),
    summary() {
      if (found === undefined) throw new Error('the content of the report was not read to its end');
      return found;
    },
  };
}

function counting(body: AsyncIterable<Uint8Array>) {
  let bytes = 0;
  async function* parts() {
    for await (const part of body) {
      bytes += part.byteLength;
      yield part;
    }
  }
  return { parts, bytes: () => bytes };
}

/** The answer may be a compressed file without a header that says so. */
async function* unpacked(parts: AsyncGenerator<Uint8Array>, refuse: ReceivedFile['refuse']) {
  let start = Buffer.alloc(0);
  while (start.length < 2) {
    const { done, value } = await parts.next();
    if (done) break;
    start = Buffer.concat([start, value]);
  }
  const whole = startingWith(start, parts);
  const isCompressed = start[0] === 0x1f && start[1] === 0x8b;
  yield* isCompressed ? decompressed(whole, refuse) : whole;
}

async function* decompressed(parts: AsyncGenerator<Uint8Array>, refuse: ReceivedFile['refuse']) {
  const gunzip = createGunzip();
  try {
    // a failure of either side reaches the reader through the other
    pipeline(Readable.from(parts), gunzip).catch(() => undefined);
    yield* gunzip as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!String((error as { code?: unknown }).code).startsWith('Z_')) throw error;
    throw refuse('the file is compressed, and its end is missing');
  }
}

async function* startingWith(start: Uint8Array, rest: AsyncGenerator<Uint8Array>) {
  if (start.byteLength > 0) yield start;
  yield* rest;
}
