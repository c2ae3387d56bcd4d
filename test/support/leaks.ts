import type { Simulator } from '../../simulator/index.js';
import { isGrpcServiceError, type Client } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DamageError } from '../../vault/encryption.js';

const LAYERS = 3;
const NOT_FOUND = 5;
const BASE64 = /[A-Za-z0-9+/_-]{12,}={0,2}/g;

/** Secrets with a description, so that a finding can be reported without its value. */
export type Secrets = readonly (readonly [what: string, secret: string | RegExp])[];

/** The beginning of every password that a test reads, so that a leaked one is found. */
export const PASSWORD_PREFIX = 'the secret of';

/** Everything that no history, log or output may contain: all secrets that the simulator has issued or received. */
export function secretsOf({ world }: Pick<Simulator, 'world'>): Secrets {
  const known = world.secrets().map(({ what, value }) => [what, value] as const);
  // tokens that are no longer valid, and passwords that never reached the platform
  return [...known, ['an access token', /sim\.[0-9a-f]{32}/], ['a password', PASSWORD_PREFIX]];
}

/** A text, and what up to three layers of base64 in it contain. */
export function withDecodedLayers(text: string): string {
  let all = text;
  let last = text;
  for (let layer = 0; layer < LAYERS; layer += 1) {
    last = [...last.matchAll(BASE64)].map(([part]) => Buffer.from(part, 'base64').toString('utf8')).join('\n');
    all += `\n${last}`;
  }
  return all;
}

/** The history of every run of a namespace as text: as Temporal stores it, and decrypted. */
export async function everyHistory(client: Client): Promise<Map<string, string>> {
  const histories = new Map<string, string>();
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await historyOf(client, workflowId, runId).catch(ifDeleted);
    if (history !== undefined) histories.set(`${workflowId} ${runId}`, history);
  }
  return histories;
}

/** Temporal lists a run a little longer than it keeps its history. */
function ifDeleted(error: unknown): undefined {
  if (!isGrpcServiceError(error) || (error.code as number) !== NOT_FOUND) throw error;
}

/** The history of one run, in the same form. */
async function historyOf(client: Client, workflowId: string, runId?: string): Promise<string> {
  const kept = historyToJSON(await client.workflow.getHandle(workflowId, runId).fetchHistory());
  const [codec] = client.options.loadedDataConverter.payloadCodecs;
  return codec === undefined ? kept : `${kept}\n${(await opened(JSON.parse(kept), codec)).join('\n')}`;
}

/** The content of every payload in a history; nothing of one that a test has damaged. */
async function opened(value: unknown, codec: PayloadCodec): Promise<string[]> {
  if (typeof value !== 'object' || value === null) return [];
  const { metadata, data } = value as { metadata?: Record<string, string>; data?: string };
  if (metadata?.['encoding'] === undefined || typeof data !== 'string')
    return (await Promise.all(Object.values(value).map((one) => opened(one, codec)))).flat();
  const bytes = (text: string) => Buffer.from(text, 'base64');
  const fields = Object.entries(metadata).map(([name, text]) => [name, bytes(text)] as const);
  const sealed: Payload = { metadata: Object.fromEntries(fields), data: bytes(data) };
  const [plain] = await codec.decode([sealed]).catch((error: unknown) => {
    if (!(error instanceof DamageError)) throw error;
    return [];
  });
  return [Buffer.from(plain?.data ?? []).toString('utf8')];
}

/** Descriptions of all secrets in a text, never their values. */
export function leaksIn(text: string, secrets: Secrets): string[] {
  const all = withDecodedLayers(text);
  return [...new Set(secrets.flatMap(([what, secret]) => (found(all, secret) ? [what] : [])))];
}

/** Throws if one of these named texts contains a secret. */
export function expectNoLeaks(texts: Iterable<readonly [name: string, text: string]>, secrets: Secrets): void {
  const leaks = [...texts].flatMap(([name, text]) => leaksIn(text, secrets).map((what) => `${what} in ${name}`));
  if (leaks.length > 0) throw new Error(`secrets are given away: ${leaks.join(', ')}`);
}

function found(all: string, secret: string | RegExp): boolean {
  return typeof secret === 'string' ? all.includes(secret) : secret.test(all);
}
