import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { TenantryError } from '../../contract/errors.js';
import { loadGatewayAddress, loadSecretSources } from '../../settings/client.js';
import { sourceKinds } from '../../sources/index.js';
import type { SourceKind } from '../../sources/kind.js';
import type { SendingSource } from '../../sources/sources-file.js';
import { createSecretReader } from '../../vault/index.js';
import type { JsonOption } from './command.js';
import { Exit } from './exit-codes.js';
import { stdout } from './output.js';
import { whyUnreadable } from './parsers.js';
import { parseJson } from '../../contract/json.js';

export interface SendOptions extends JsonOption {
  source: string;
  url?: string;
}

interface Reply {
  status: number;
  body: unknown;
}

const TIMEOUT_MS = 10_000;

/** Signs a body as the source would, sends it, and prints the answer. */
export async function sendEvent(
  file: string,
  { kind, secrets }: SendingSource,
  { source: name, url, json }: SendOptions,
): Promise<number> {
  const body = await readBytes(file);
  const target = addressOf(name, url);
  const secret = await signingSecret(name, kind, secrets);
  const id = `msg_${randomUUID()}`;
  const headers = sourceKinds[kind].sign(body, { secret, now: new Date(), id, url: target.signed });
  const reply = await post(target.called, headers, body);
  stdout(json ? JSON.stringify(reply) : `${reply.status} ${JSON.stringify(reply.body)}`);
  return exitCodeOf(reply.status);
}

/** Bytes, because a signature covers them. */
async function readBytes(file: string): Promise<Buffer> {
  try {
    return await (file === '-' ? buffer(process.stdin) : readFile(file));
  } catch (error) {
    throw new TenantryError('refused', `${whyUnreadable(file, error)}.`);
  }
}

/** The address that is called, and the one that senders know, which HubSpot signs. */
function addressOf(name: string, given: string | undefined): { called: string; signed: string } {
  const { url, publicUrl } = loadGatewayAddress();
  const base = given ?? url ?? publicUrl;
  if (base === undefined)
    throw new TenantryError(
      'refused',
      'It is not known where the gateway is: give --url, such as --url http://127.0.0.1:8085.',
    );
  if (!URL.canParse(base) || !/^https?:/.test(base))
    throw new TenantryError('refused', `--url: ${base} is no address such as http://127.0.0.1:8085.`);
  const path = `/v1/events/${name}`;
  const called = base.includes('/v1/events/') ? base : base.replace(/\/+$/, '') + path;
  return { called, signed: publicUrl === undefined ? called : publicUrl + path };
}

async function signingSecret(
  name: string,
  kind: SendingSource['kind'],
  references: readonly string[],
): Promise<string> {
  if (kind === 'connectwise')
    throw new TenantryError('refused', `${name} signs with a key of ConnectWise, so nobody else can send its events.`);
  const read = createSecretReader(loadSecretSources(), 'machine');
  for (const reference of references) {
    const secret = await read(reference).catch((error: unknown) => {
      throw new TenantryError('refused', `${name}: ${(error as Error).message}.`);
    });
    if (secret.startsWith('whpk_')) continue;
    const problem = (sourceKinds[kind] as SourceKind).secretProblem?.(secret);
    if (problem === undefined) return secret;
    throw new TenantryError('refused', `The secret ${reference} of ${name} cannot be used: it ${problem}.`);
  }
  throw new TenantryError('refused', `${name} has public keys only, and nothing can be signed with these.`);
}

async function post(url: string, headers: Record<string, string>, body: Uint8Array): Promise<Reply> {
  try {
    const init = { method: 'POST', headers, body, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) } as const;
    const reply = await fetch(url, init);
    const text = await reply.text();
    return { status: reply.status, body: parseJson(text) ?? text };
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message;
    throw new TenantryError('unavailable', `Nothing answers at ${url}: ${why}.`);
  }
}

function exitCodeOf(status: number): number {
  if (status < 300) return Exit.done;
  return sendAgain.includes(status) || status >= 500 ? Exit.internal : Exit.refused;
}

const sendAgain: readonly number[] = [408, 429];
