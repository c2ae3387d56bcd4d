import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { onboardingLines } from '../../contract/onboarding-view.js';
import type { Onboarding } from '../../contract/onboarding.js';
import { withClient } from '../connection.js';
import type { CustomerName } from '../customers.js';
import { onboarding, onboardingNotFound, readerOfOnboarding } from '../onboardings.js';
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
    show(found, json);
    return Exit.done;
  });
}

/** Prints each change. It ends when nothing is awaited any more, or when the customer is blocked. */
async function followOnboarding(client: Client, name: CustomerName, taskQueue: string, json: boolean): Promise<number> {
  const read = readerOfOnboarding(client, name, taskQueue);
  const attempt = tolerateOutages();
  const stopListening = onInterrupt('The customer goes on.');
  let shown = '';
  try {
    for (;;) {
      const reading = await attempt(read);
      if (reading !== undefined) {
        const { status, isOver } = reading;
        const text = JSON.stringify(status);
        if (text !== shown) show(status, json);
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

function show(found: Onboarding, json: boolean): void {
  stdout(json ? JSON.stringify(found) : onboardingText(found));
}

function onboardingText(found: Onboarding): string {
  const tenant = found.tenantId === undefined ? '' : `, tenant ${found.tenantId}`;
  return joinLines([`${found.ref}: ${found.state}${tenant}`, ...onboardingLines(found).map((line) => `  ${line}`)]);
}
