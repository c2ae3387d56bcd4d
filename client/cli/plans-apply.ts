import type { Client } from '@temporalio/client';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { defaultRollout } from '../../contract/rollout.js';
import { termsFor } from '../../sales-plans/mapping.js';
import { withClient } from '../connection.js';
import { planChanges, type PlanPreview, type TermsNow } from '../plan-changes.js';
import { startRollout } from '../rollouts.js';
import { checkApplied, type ApplyOptions, type CliCommand, type JsonOption } from './command.js';
import { createCounter } from './counter.js';
import { loadPlans, loadSources } from './event-files.js';
import { Exit } from './exit-codes.js';
import { stderr, stdout } from './output.js';
import { previewText } from './plan-changes-text.js';
import { FOLLOWED_EXIT_CODES } from './rollout.js';
import { followRollout } from './rollout-follow.js';
import { addCustomerOptions, addRolloutOptions, chosenCustomers, type RolloutOptions } from './rollout-options.js';

interface PlansOptions extends JsonOption, RolloutOptions, ApplyOptions {
  cloud?: string;
}

/** `tenantry plans apply`, below the command `plans`. */
export function addPlansApply(plans: CliCommand): void {
  const command = plans
    .command('apply')
    .description('show what changed plans would change for customers that have them already, and roll it out');
  addCustomerOptions(command, 'all customers of the cloud')
    .applied('roll it out; without it the changes are only shown')
    .option('--cloud <name>', 'the cloud of the customers; the default one unless given');
  addRolloutOptions(command)
    .json()
    .handler(applyPlans)
    .exitCodes(`${FOLLOWED_EXIT_CODES}; without --apply 0 shown`)
    .examples(
      'plans apply --all',
      'plans apply --only C-1001,C-1002 --apply --reason "more storage, agreed with Jane"',
      'plans apply --all --canary 5 --apply --reason "the first ones are right"',
    );
}

async function applyPlans(options: PlansOptions): Promise<number> {
  const { cloud = DEFAULT_CLOUD, json = false, reason } = options;
  const refs = chosenCustomers(options, 'of the cloud');
  checkApplied(options);
  const termsNow = await readTermsNow();
  return await withClient(async (client, { taskQueue }) => {
    const preview = await showingProgress(client, { cloud, refs, termsNow, taskQueue });
    const isRolledOut = reason !== undefined && preview.customers.length > 0;
    if (!json) stdout(previewText(preview));
    else if (!isRolledOut) stdout(JSON.stringify(preview));
    if (isRolledOut) return await rollOut(client, preview, { ...options, reason, taskQueue });
    if (preview.customers.length > 0 && !json) stderr('nothing is changed yet: --apply --reason "…" rolls it out');
    return Exit.done;
  });
}

/** By the files that this program knows; workers must have the same. */
async function readTermsNow(): Promise<TermsNow> {
  const { content: sources } = await loadSources();
  const { plans } = (await loadPlans()).content;
  return ({ source, plan }) =>
    Object.hasOwn(plans, plan) && Object.hasOwn(sources, source) ? termsFor(plans[plan]!, sources[source]!) : undefined;
}

async function showingProgress(client: Client, asked: Parameters<typeof planChanges>[1]): Promise<PlanPreview> {
  const counter = createCounter(process.stderr);
  const onRead = (done: number, all: number) => counter.show(done, `${done} of ${all} customers read`);
  return await planChanges(client, { ...asked, onRead }).finally(() => counter.end());
}

async function rollOut(
  client: Client,
  { cloud, customers, plans }: PlanPreview,
  options: PlansOptions & { reason: string; taskQueue: string },
): Promise<number> {
  const { canary, atOnce, maxFailures = defaultRollout.maxFailures } = options;
  const { reason, actor, taskQueue, json = false } = options;
  const placed = cloud === DEFAULT_CLOUD ? {} : { cloud };
  const refs = customers.map(({ ref }) => ref);
  const start = { action: 'applyPlans', ...placed, plans, refs, canary, atOnce, maxFailures, reason, actor } as const;
  const id = await startRollout(client, taskQueue, start);
  stderr(`started ${id} for ${refs.length} customers; it goes on by itself when this command is stopped`);
  return await followRollout(client, { id }, taskQueue, json);
}
