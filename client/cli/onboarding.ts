import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { onboardingLines } from '../../contract/onboarding-view.js';
import type { Onboarding } from '../../contract/onboarding.js';
import { withClient } from '../connection.js';
import { customerStatus, type CustomerName } from '../customers.js';
import { onboarding, onboardingNotFound, readerOfOnboarding } from '../onboardings.js';
import { operationStatus } from '../status.js';
import type { CliCommand, JsonOption } from './command.js';
import { Exit } from './exit-codes.js';
import { onInterrupt, tolerateOutages } from './follow.js';
import { stdout } from './output.js';
import { joinLines } from './printable.js';

const PAUSE_MS = 1000;

interface Options extends JsonOption {
  cloud?: string;
  follow?: boolean;
}

export function addOnboarding(top: CliCommand): void {
  top
    .command('onboarding <ref>')
    .description('how far a customer is from sold to protected: what is missing, since when, and who must act')
    .option('--cloud <name>', 'the cloud of the customer; the default one unless given')
    .option('--follow', 'show each change, until the customer is protected, or does not go on without a person')
    .json()
    .handler(showOnboarding)
    .exitCodes(
      '0 shown; 1 Temporal or a worker does not answer; 2 nothing is known of the customer; with --follow also 4: it is blocked; 3, 5: its run has failed, was cancelled',
    )
    .examples('onboarding C-1001', 'onboarding C-1001 --follow', 'onboarding C-1001 --cloud eu --json');
}

/** `tenantry onboarding REF` */
async function showOnboarding(ref: string, { cloud, follow, json = false }: Options): Promise<number> {
  const name = { ref, cloud };
  return await withClient(async (client, { taskQueue }) => {
    if (follow) return await followOnboarding(client, name, taskQueue, json);
    const found = await onboarding(client, name, taskQueue);
    if (found === undefined) throw onboardingNotFound(name);
    await show(client, { ...name, found, taskQueue, json });
    return Exit.done;
  });
}

/**
 * Prints each change. It ends when nothing is awaited any more, or when the customer is blocked. That may take months, so
 * once the customer was seen no outage ends it.
 */
async function followOnboarding(client: Client, name: CustomerName, taskQueue: string, json: boolean): Promise<number> {
  const read = readerOfOnboarding(client, name, taskQueue);
  const [firstAttempt, laterAttempt] = [tolerateOutages(), tolerateOutages(undefined, Infinity)];
  const stopListening = onInterrupt('The customer goes on.');
  let shown = '';
  try {
    for (;;) {
      const reading = await (shown === '' ? firstAttempt : laterAttempt)(read);
      if (reading !== undefined) {
        const { status, isOver } = reading;
        const text = JSON.stringify(status);
        if (text !== shown) await show(client, { ...name, found: status, taskQueue, json });
        shown = text;
        if (status.state === 'blocked') return Exit.blocked;
        if (status.state === 'cancelled') return Exit.cancelled;
        if (status.state === 'failed' || status.state === 'undone') return Exit.failed;
        if (isOver || status.missing === undefined) return Exit.done;
      }
      await sleep(PAUSE_MS);
    }
  } finally {
    stopListening();
  }
}

interface Shown extends CustomerName {
  found: Onboarding;
  taskQueue: string;
  json: boolean;
}

async function show(client: Client, { found, taskQueue, json, ...name }: Shown): Promise<void> {
  if (json) return stdout(JSON.stringify(found));
  const why = found.state === 'blocked' ? await whyBlocked(client, { ...name, run: found.run }, taskQueue) : undefined;
  stdout(onboardingText(found, why));
}

/** What the customer, or the run that onboards it, says that it is blocked by; undefined when it does not answer. */
async function whyBlocked(
  client: Client,
  { run, ...name }: CustomerName & { run: string | undefined },
  taskQueue: string,
): Promise<string | undefined> {
  const customer = await customerStatus(client, name, taskQueue).catch(() => undefined);
  if (customer !== undefined || run === undefined) return customer?.blocked?.message;
  const status = await operationStatus(client, run, taskQueue).catch(() => undefined);
  return status?.state === 'blocked' ? status.blocked.message : undefined;
}

/** An onboarding as people read it in a terminal. */
export function onboardingText(found: Onboarding, whyBlocked?: string): string {
  const tenant = found.tenantId === undefined ? '' : `, tenant ${found.tenantId}`;
  const why = whyBlocked === undefined ? [] : [`blocked: ${whyBlocked}`];
  const lines = [...why, ...onboardingLines(found)].map((line) => `  ${line}`);
  return joinLines([`${found.ref}: ${found.state}${tenant}`, ...lines]);
}
