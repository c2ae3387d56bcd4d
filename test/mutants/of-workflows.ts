import type { Mutant } from './mutant.js';

export const workflowMutants: readonly Mutant[] = [
  {
    mistake: 'undo registered after the act',
    file: 'workflows/shared/run.ts',
    find: `    if (undo) this.undos.register(as, ...undo);
    return await this.once(as, spec, () =>
      this.attendant.attend(as, (before) => this.change(name, spec, { summary, as }, before)),
    );`,
    replace: `    const done = await this.once(as, spec, () =>
      this.attendant.attend(as, (before) => this.change(name, spec, { summary, as }, before)),
    );
    if (undo) this.undos.register(as, ...undo);
    return done;`,
    caughtIn: 'workflows/tenant-switches',
    title: 'disableTenant that fails after its effect',
  },
  {
    mistake: 'nobody asks whether there were earlier runs of the key',
    file: 'workflows/shared/provisioning.ts',
    find: 'if (revision < 2) return NONE;',
    replace: 'if (revision < 99) return NONE;',
    caughtIn: 'workflows/one-tenant-per-key',
    title: 'makes no second one',
  },
  {
    mistake: 'a second tenant that shows late is never looked for',
    file: 'workflows/shared/provisioning.ts',
    find: 'reset !== true && doubted !== true',
    replace: 'reset !== true',
    caughtIn: 'workflows/one-tenant-per-key',
    title: 'removed before the run completes',
  },
  {
    mistake: 'undo not shielded from the cancellation',
    file: 'workflows/shared/undos.ts',
    find: 'CancellationScope.nonCancellable(',
    replace: 'CancellationScope.cancellable(',
    caughtIn: 'workflows/provision-undo',
    title: 'cancelled',
  },
  {
    mistake: 'a cancellation does not wait for the call in flight',
    file: 'workflows/shared/activity-options.ts',
    find: `  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '500 milliseconds'`,
    replace: `  cancellationType: ActivityCancellationType.ABANDON,
  retry: { initialInterval: '500 milliseconds'`,
    caughtIn: 'workflows/provision-undo',
    title: 'cancelled',
  },
  {
    mistake: 'what the last call of a cancelled run made stays',
    file: 'workflows/shared/operation.ts',
    find: 'if (CancellationScope.current().consideredCancelled)',
    replace: "if (name === '')",
    caughtIn: 'workflows/tenant-switches',
    title: 'lockTenant that is cancelled while its last call is in flight',
  },
  {
    mistake: 'the mail goes out before the role is there',
    file: 'workflows/provision-customer/workflow.ts',
    find: `  await giveRole(run, joining, userId);`,
    replace: `  await letIn(run, joining, { userId, wasIn: false });
  await giveRole(run, joining, userId);`,
    caughtIn: 'workflows/provision-customer.test',
  },
  {
    mistake: 'a bug of ours undoes the customer',
    file: 'workflows/shared/operation.ts',
    find: '} else if (!(error instanceof TemporalFailure) || describeFailure(error).bug) throw error;',
    replace: '} else if (!(error instanceof Error)) throw error;',
    caughtIn: 'worker/upgrades',
    title: 'a mistake of ours',
  },
  {
    mistake: 'an input with unknown fields is let through',
    file: 'workflows/tenant-switches/schema.ts',
    find: 'z.strictObject(',
    replace: 'z.object(',
    caughtIn: 'workflows/targets',
    title: 'an unknown field',
  },
  {
    mistake: 'nobody waits for a turn',
    file: 'workflows/shared/run.ts',
    find: 'if (this.taken.has(place.tenantId)) return false;',
    replace: 'if (!this.taken.has("")) return false;',
    caughtIn: 'workflows/turns',
    title: 'of two runs on one tenant',
  },
  {
    mistake: "the cloud's trouble is asked of a person",
    file: 'workflows/shared/trouble.ts',
    find: 'FailureType.Throttled,\n  FailureType.Credentials,\n  FailureType.UnknownCloud,\n];',
    replace: '];',
    caughtIn: 'workflows/desk-cloud',
  },
  {
    mistake: 'a step that is needed can be skipped',
    file: 'workflows/shared/desk.ts',
    find: "if (choice === 'skip' && !ticket.skippable)",
    replace: "if (choice === 'skip' && ticket.step === '')",
    caughtIn: 'workflows/desk-refusals',
  },
  {
    mistake: 'a finished step is made again after an amendment',
    file: 'workflows/shared/run.ts',
    find: 'if (this.done.has(key)) return this.done.get(key) as R;',
    replace: "if (this.done.has('')) return this.done.get(key) as R;",
    caughtIn: 'workflows/desk.test',
  },
  {
    mistake: 'the refusal of one partner stops the others',
    file: 'workflows/shared/each.ts',
    find: 'answers[at] = await answerOf(by, members[at]!);',
    replace: `answers[at] = await answerOf(by, members[at]!);
      if (answers[at]!.outcome === 'refused') throw new CancelledFailure('one was refused');`,
    caughtIn: 'workflows/update-partners.test',
    title: 'refusal stops no other',
  },
  {
    mistake: 'what a person did in the place of a run is taken back',
    file: 'workflows/shared/undos.ts',
    find: "effect !== 'none' ||",
    replace: 'effect.length > 0 ||',
    caughtIn: 'workflows/tenant-switches',
    title: 'as a person has put it',
  },
  {
    mistake: 'a step that was cancelled before it was sent counts as done, perhaps',
    file: 'workflows/shared/attending.ts',
    find: 'isCancellation(error) ? error instanceof ActivityFailure :',
    replace: 'isCancellation(error) ? error instanceof Error :',
    caughtIn: 'workflows/attending.test',
    title: 'only when the change was sent',
  },
];
