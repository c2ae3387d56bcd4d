import { Client, WorkflowIdConflictPolicy } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { safeCause } from '../acronis/index.js';
import type { DeliveryResult, OutgoingDoor } from '../activities/index.js';
import { readOutgoing, wants, type OutgoingEntry } from '../catalogue/outgoing-file.js';
import type { InputProblem } from '../contract/errors.js';
import { OUTGOING_EVENTS, type OutgoingEvent } from '../contract/outgoing-events.js';
import { isThisMachine } from '../contract/webhook-address.js';
import { signingSecretProblem } from '../settings/signing-secret.js';
import { WatchedFile } from '../settings/watched-file.js';
import type { WorkerSettings } from '../settings/worker.js';
import type { Logger } from '../telemetry/log.js';
import { clientOptions } from '../vault/index.js';
import { openSignedWebhook, WebhookRefused, type PostSigned } from './webhooks/signed-webhook.js';

/** An address, with its secrets themselves. */
export type OpenedEndpoint = OutgoingEntry;

interface Parts {
  path: string;
  readSecret(reference: string): Promise<string>;
  log: Logger;
  rereadMs?: number;
}

/**
 * Reads `outgoing.json` and the secrets that sign, again every few seconds. Fails as `refused`, with every problem, when
 * the file or a secret cannot be used now.
 */
export async function watchOutgoing({
  path,
  readSecret,
  log,
  rereadMs,
}: Parts): Promise<WatchedFile<OpenedEndpoint[]>> {
  return await WatchedFile.open({
    path,
    name: 'outgoing',
    setting: 'TENANTRY_OUTGOING',
    report: (level, message) => log[level](message),
    read: async (value) => await openOutgoing(value, readSecret),
    ...(rereadMs !== undefined && { rereadMs }),
  });
}

/** The addresses with their secrets, or every problem with its path. No problem holds a secret. */
export async function openOutgoing(
  value: unknown,
  readSecret: Parts['readSecret'],
): Promise<OpenedEndpoint[] | { problems: InputProblem[] }> {
  const entries = readOutgoing(value);
  if ('problems' in entries) return entries;
  const problems: InputProblem[] = [];
  const opened = await Promise.all(
    entries.map(async (entry, at) => {
      const secrets = await Promise.all(
        entry.secrets.map(async (reference) => {
          const read = await readSecret(reference).catch((error: unknown) => error as Error);
          const message = read instanceof Error ? read.message : signingSecretProblem(read.trim());
          if (message !== undefined) problems.push({ path: `${at}.secret`, message });
          return String(read).trim();
        }),
      );
      return { ...entry, secrets };
    }),
  );
  return problems.length > 0 ? { problems } : opened;
}

/** A slow receiver must not take the slots of operations. */
const MOST_AT_ONCE = 5;
const GONE = 410;

/** Delivers events to the addresses of a worker. */
export class OutgoingWebhooks implements OutgoingDoor {
  private readonly opened = new Map<string, { of: OpenedEndpoint; post: PostSigned }>();
  private readonly busy = new Map<string, number>();

  constructor(
    private readonly file: { readonly current: readonly OpenedEndpoint[] },
    private readonly proxyFor: (address: string) => string | undefined,
  ) {}

  endpoints() {
    return this.file.current.map((entry) => ({ key: entry.key, wants: wants.bind(undefined, entry) }));
  }

  async deliver(key: string, { id, type, timestamp, data }: OutgoingEvent): Promise<DeliveryResult> {
    const entry = this.file.current.find((one) => one.key === key);
    if (entry === undefined) return 'removed';
    const busy = this.busy.get(key) ?? 0;
    if (busy >= MOST_AT_ONCE) return { why: 'the receiver is busy with other events' };
    this.busy.set(key, busy + 1);
    try {
      await this.postTo(entry)({ id, body: JSON.stringify({ type, timestamp, data }) });
      return 'delivered';
    } catch (error) {
      return resultOf(error);
    } finally {
      this.busy.set(key, this.busy.get(key)! - 1);
    }
  }

  /** Connections are kept, until the entry changes. */
  private postTo(entry: OpenedEndpoint): PostSigned {
    const known = this.opened.get(entry.key);
    if (known !== undefined && JSON.stringify(known.of) === JSON.stringify(entry)) return known.post;
    const { url, secrets, allowPrivate } = entry;
    const onlyPublic = !allowPrivate && !isThisMachine(url);
    const post = openSignedWebhook({ url, secrets, proxy: this.proxyFor(url), onlyPublic });
    this.opened.set(entry.key, { of: entry, post });
    return post;
  }
}

function resultOf(error: unknown): DeliveryResult {
  if (!(error instanceof WebhookRefused)) {
    const { code, name } = safeCause(error);
    return { why: `the receiver cannot be reached: ${code ?? name}` };
  }
  const { status, retryAfterMs } = error;
  if (status === GONE) return 'gone';
  return { why: `the receiver has answered ${status}`, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** A workflow that somebody has ended begins again after this time. */
const START_EVERY_MS = 600_000;

/**
 * Starts the workflow that sees what happens, unless it runs, and looks again from time to time. A failure is logged.
 * Gives a function that stops that.
 */
export function keepOutgoingEvents(connection: NativeConnection, settings: WorkerSettings, log: Logger): () => void {
  const { temporal, encryption } = settings;
  const client = new Client({ connection, namespace: temporal.namespace, ...clientOptions(encryption.keys) });
  const start = () =>
    void client.workflow
      .start(OUTGOING_EVENTS, {
        workflowId: OUTGOING_EVENTS,
        taskQueue: temporal.taskQueue,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        workflowTaskTimeout: '5 seconds',
        staticSummary: 'Sees what happens, for outgoing events',
      })
      .catch((error: unknown) => log.warn({ errorType: safeCause(error).name }, 'outgoing events cannot be started'));
  start();
  const timer = setInterval(start, START_EVERY_MS).unref();
  return () => clearInterval(timer);
}
