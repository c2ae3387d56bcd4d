import type { Mutant } from './mutant.js';

export const workflowMutants: readonly Mutant[] = [
  {
    mistake: 'undo registered after the act',
    file: 'workflows/kernel/step-runner.ts',
    find: `    if (undo) this.registerUndo(as, undo);
    const attempt = async (before: EarlierTries) => await this.call(name, input, { summary, as, before });
    const act = async () => await this.executor.execute(as, attempt as unknown as StepAttempt<R>, kind);
    return await this.once(as, input, act);`,
    replace: `    const attempt = async (before: EarlierTries) => await this.call(name, input, { summary, as, before });
    const act = async () => await this.executor.execute(as, attempt as unknown as StepAttempt<R>, kind);
    const done = await this.once(as, input, act);
    if (undo) this.registerUndo(as, undo);
    return done;`,
    caughtIn: 'workflows/tenant-switches',
    title: 'disableTenant that fails after its effect',
  },
  {
    mistake: 'nobody asks whether there were earlier runs of the key',
    file: 'workflows/parts/provisioning.ts',
    find: 'if (revision < ONE_PER_KEY) return NO_EARLIER_RUNS;',
    replace: 'if (revision < 99) return NO_EARLIER_RUNS;',
    caughtIn: 'workflows/one-tenant-per-key',
    title: 'makes no second one',
  },
  {
    mistake: 'a second tenant that shows late is never looked for',
    file: 'workflows/parts/provisioning.ts',
    find: 'wasResetToStart !== true && doubted !== true',
    replace: 'wasResetToStart !== true',
    caughtIn: 'workflows/lost-second-tenant',
    title: 'removed before the run completes',
  },
  {
    mistake: 'undo not shielded from the cancellation',
    file: 'workflows/kernel/undos.ts',
    find: 'CancellationScope.nonCancellable(',
    replace: 'CancellationScope.cancellable(',
    caughtIn: 'workflows/provision-undo',
    title: 'cancelled',
  },
  {
    mistake: 'a cancellation does not wait for the call in flight',
    file: 'workflows/kernel/activity-options.ts',
    find: `  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '500 milliseconds'`,
    replace: `  cancellationType: ActivityCancellationType.ABANDON,
  retry: { initialInterval: '500 milliseconds'`,
    caughtIn: 'workflows/provision-undo',
    title: 'cancelled',
  },
  {
    mistake: 'what the last call of a cancelled run made stays',
    file: 'workflows/kernel/run-operation.ts',
    find: 'if (CancellationScope.current().consideredCancelled)',
    replace: "if (board.operation === '')",
    caughtIn: 'workflows/tenant-switches',
    title: 'lockTenant that is cancelled while its last call is in flight',
  },
  {
    mistake: 'the mail goes out before the role is there',
    file: 'workflows/provision-customer/workflow.ts',
    find: `  await ensureRole(steps, joined);
  return joined;`,
    replace: `  await activateUser(steps, joined, false);
  await ensureRole(steps, joined);
  return joined;`,
    caughtIn: 'workflows/provision-customer.test',
  },
  {
    mistake: 'who holds the role is taken for invited',
    file: 'workflows/parts/members.ts',
    find: 'return invited || mails >= MOST_MAILS;',
    replace: 'return invited || mails >= 0;',
    caughtIn: 'workflows/whose-user',
    title: 'whose mail was refused is invited',
  },
  {
    mistake: 'a tenant goes with the user whom somebody else has made in it',
    file: 'workflows/kernel/first-users.ts',
    find: "effect: this.all.get(step)?.effect ?? 'none'",
    replace: "effect: this.all.get(step)?.effect ?? 'made'",
    caughtIn: 'workflows/whose-user',
    title: 'a tenant that a run has made stays',
  },
  {
    mistake: 'a bug of ours undoes the customer',
    file: 'workflows/kernel/run-operation.ts',
    find: 'if (!(error instanceof TemporalFailure) || describeFailure(error).bug) throw error;',
    replace: 'if (!(error instanceof Error)) throw error;',
    caughtIn: 'worker/upgrades',
    title: 'a bug in Tenantry',
  },
  {
    mistake: 'an input with unknown fields is let through',
    file: 'catalogue/tenant-switches.ts',
    find: 'z.strictObject(',
    replace: 'z.object(',
    caughtIn: 'workflows/targets',
    title: 'an unknown field',
  },
  {
    mistake: 'nobody waits for a turn',
    file: 'workflows/kernel/step-runner.ts',
    find: 'if (this.turnsTaken.has(request.tenantId)) return false;',
    replace: "if (!this.turnsTaken.has('')) return false;",
    caughtIn: 'workflows/turns',
    title: 'of two runs on one tenant',
  },
  {
    mistake: "the cloud's trouble is asked of a person",
    file: 'workflows/cloud-trouble/outage.ts',
    find: 'FailureType.Throttled,\n  FailureType.Credentials,\n  FailureType.UnknownCloud,\n];',
    replace: '];',
    caughtIn: 'workflows/desk-cloud',
  },
  {
    mistake: 'a step that is needed can be skipped',
    file: 'workflows/decisions/decision-desk.ts',
    find: "if (choice === 'skip' && !blocked.skippable)",
    replace: "if (choice === 'skip' && blocked.step === '')",
    caughtIn: 'workflows/desk-refusals',
  },
  {
    mistake: 'a finished step is made again after an amendment',
    file: 'workflows/kernel/step-runner.ts',
    find: 'if (this.results.has(key)) return this.results.get(key) as R;',
    replace: "if (this.results.has('')) return this.results.get(key) as R;",
    caughtIn: 'workflows/desk.test',
  },
  {
    mistake: 'the refusal of one partner stops the others',
    file: 'workflows/kernel/for-each.ts',
    find: 'answers[at] = await runForMember(workflowType, members[at]!);',
    replace: `answers[at] = await runForMember(workflowType, members[at]!);
      if (answers[at]!.outcome === 'refused') throw new CancelledFailure('one was refused');`,
    caughtIn: 'workflows/update-partners.test',
    title: 'refusal stops no other',
  },
  {
    mistake: 'what a person did in the place of a run is taken back',
    file: 'workflows/kernel/undos.ts',
    find: "effect !== 'none' ||",
    replace: 'effect.length > 0 ||',
    caughtIn: 'workflows/tenant-switches',
    title: 'as a person has put it',
  },
  {
    mistake: 'a step that was cancelled before it was sent counts as done, perhaps',
    file: 'workflows/kernel/step-executor.ts',
    find: 'return error instanceof ActivityFailure && (',
    replace: 'return error instanceof Error && (',
    caughtIn: 'workflows/step-executor.test',
    title: 'only when the change was sent',
  },
  {
    mistake: 'a run that was refused at once counts as one that was left as it is',
    file: 'workflows/kernel/step-runner.ts',
    find: ': this.changed || undos.tookEffect;',
    replace: ': this.changed || undos.hasUndos;',
    caughtIn: 'simulation/done-by-others',
    title: 'also when it is to leave all as it is',
  },
  {
    mistake: 'a deadline runs on while the cloud is in trouble',
    file: 'workflows/decisions/reminders.ts',
    find: 'if (standsStill) end =',
    replace: 'if (standsStill && end === 0) end =',
    caughtIn: 'workflows/desk-patience',
    title: 'a deadline stands still',
  },
  {
    mistake: 'an order that was withdrawn ends as refused',
    file: 'workflows/kernel/end-run.ts',
    find: 'undone || (givenUp && left.length === 0)',
    replace: 'undone || (givenUp && left.length < 0)',
    caughtIn: 'workflows/desk.test',
    title: 'given up before it has made anything',
  },
  {
    mistake: 'a step that a cancellation stops is shown as failed',
    file: 'workflows/kernel/step-executor.ts',
    find: 'if (isCancellation(error)) board.stepCancelled',
    replace: "if (message === '') board.stepCancelled",
    caughtIn: 'workflows/cancelled-waiting',
  },
];
