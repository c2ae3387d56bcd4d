import type { Simulator } from '../../simulator/index.js';
import type { Client } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

const LAYERS = 3;
const BASE64 = /[A-Za-z0-9+/_-]{12,}={0,2}/g;

/** Secrets by what they are, so that a finding can be named without showing it. */
export type Secrets = readonly (readonly [what: string, secret: string | RegExp])[];

/** How every password begins that a test run reads, so that it is found wherever it should not be. */
export const PASSWORD_PREFIX = 'the secret of';

/** What no history, log or answer of a test run may hold: all that the imitated platform has given out or was given. */
export function secretsOf({ world }: Pick<Simulator, 'world'>): Secrets {
  const known = world.secrets().map(({ what, value }) => [what, value] as const);
  // tokens that are not valid any more, and passwords that never reached the platform
  return [...known, ['an access token', /sim\.[0-9a-f]{32}/], ['a password', PASSWORD_PREFIX]];
}

/** A text, and what is in it below up to three layers of base64. */
export function withDecodedLayers(text: string): string {
  let all = text;
  let last = text;
  for (let layer = 0; layer < LAYERS; layer += 1) {
    last = [...last.matchAll(BASE64)].map(([part]) => Buffer.from(part, 'base64').toString('utf8')).join('\n');
    all += `\n${last}`;
  }
  return all;
}

/** The history of every run of a namespace, as text: as Temporal keeps it, and what it says to a client that has the keys. */
export async function everyHistory(client: Client): Promise<Map<string, string>> {
  const histories = new Map<string, string>();
  for await (const { workflowId, runId } of client.workflow.list())
    histories.set(`${workflowId} ${runId}`, await historyOf(client, workflowId, runId));
  return histories;
}

/** The same of one run. */
export async function historyOf(client: Client, workflowId: string, runId?: string): Promise<string> {
  const kept = historyToJSON(await client.workflow.getHandle(workflowId, runId).fetchHistory());
  const [codec] = client.options.loadedDataConverter.payloadCodecs;
  return codec === undefined ? kept : `${kept}\n${(await opened(JSON.parse(kept), codec)).join('\n')}`;
}

/** The content of every payload in a history. */
async function opened(value: unknown, codec: PayloadCodec): Promise<string[]> {
  if (typeof value !== 'object' || value === null) return [];
  const { metadata, data } = value as { metadata?: Record<string, string>; data?: string };
  if (metadata?.['encoding'] === undefined || typeof data !== 'string')
    return (await Promise.all(Object.values(value).map((one) => opened(one, codec)))).flat();
  const bytes = (text: string) => Buffer.from(text, 'base64');
  const fields = Object.entries(metadata).map(([name, text]) => [name, bytes(text)] as const);
  const sealed: Payload = { metadata: Object.fromEntries(fields), data: bytes(data) };
  const [plain] = await codec.decode([sealed]);
  return [Buffer.from(plain?.data ?? []).toString('utf8')];
}

/** Names every secret that a text gives away, by what it is, never by its value. */
export function leaksIn(text: string, secrets: Secrets): string[] {
  const all = withDecodedLayers(text);
  return [...new Set(secrets.flatMap(([what, secret]) => (found(all, secret) ? [what] : [])))];
}

/** Throws when one of these texts, each under a name, holds a secret. */
export function expectNoLeaks(texts: Iterable<readonly [name: string, text: string]>, secrets: Secrets): void {
  const leaks = [...texts].flatMap(([name, text]) => leaksIn(text, secrets).map((what) => `${what} in ${name}`));
  if (leaks.length > 0) throw new Error(`secrets are given away: ${leaks.join(', ')}`);
}

function found(all: string, secret: string | RegExp): boolean {
  return typeof secret === 'string' ? all.includes(secret) : secret.test(all);
}
