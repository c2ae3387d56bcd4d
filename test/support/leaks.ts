import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

const LAYERS = 3;
const BASE64 = /[A-Za-z0-9+/_-]{12,}={0,2}/g;

/** A text, and what is in it below up to three layers of base64. */
export function layersOf(text: string): string {
  let all = text;
  let last = text;
  for (let layer = 0; layer < LAYERS; layer += 1) {
    last = [...last.matchAll(BASE64)].map(([part]) => Buffer.from(part, 'base64').toString('utf8')).join('\n');
    all += `\n${last}`;
  }
  return all;
}

/** The history of every run of a namespace, as text. */
export async function everyHistory(client: Client): Promise<Map<string, string>> {
  const histories = new Map<string, string>();
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    histories.set(`${workflowId} ${runId}`, historyToJSON(history));
  }
  return histories;
}

/** Names every secret that a text gives away, by its label, never by its value. */
export function leaksIn(text: string, secrets: Record<string, string | RegExp>): string[] {
  const all = layersOf(text);
  return Object.entries(secrets).flatMap(([label, secret]) => (found(all, secret) ? [label] : []));
}

function found(all: string, secret: string | RegExp): boolean {
  return typeof secret === 'string' ? all.includes(secret) : secret.test(all);
}
