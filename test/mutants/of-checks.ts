import type { Bug, Edit, Proof } from './mutant.js';
import { cleanPlan, type Plan } from '../simulation/plan.js';
import { mutants } from './mutants.js';

const inHarm = (find: string, replace: string): Edit => ({ file: 'test/simulation/harm.ts', find, replace });
const inProblems = (find: string, replace: string): Edit => ({
  file: 'test/simulation/find-problems.ts',
  find,
  replace,
});

/** The answer to this call is lost. */
const lost = (call: number): Plan['faults'][number] => ({ call, fault: 'commit-then-drop' });

function planted(mistake: string): Bug {
  return mutants.find((mutant) => mutant.mistake === mistake)!;
}

export const proofs: readonly Proof[] = [
  {
    invariant: 'nobody gets more than two mails',
    check: inProblems('.length > mostMails,', '.length > Infinity,'),
    bug: planted('a third mail'),
    chaos: { plan: cleanPlan('provisionCustomer', 'example', { faults: [lost(10), lost(12)] }) },
  },
  {
    invariant: 'what others have made stays, and who has moved in',
    check: inHarm('strangers.belongings.filter((one) => !isThere(memory, one))', 'strangers.belongings.slice(0, 0)'),
    bug: planted('a tenant is removed although others have moved in'),
    chaos: { seed: 1, runs: 500 },
  },
  {
    invariant: 'what others have made is not changed',
    check: inHarm('    ...changedBelongings(ended),\n', ''),
    bug: {
      mistake: 'an undo disables a user who stays because it may be somebody else’s',
      file: 'activities/user-removal.ts',
      find: 'if (reason !== undefined) return await leaveUser(acronis, user, begun, reason);',
      replace:
        'if (reason !== undefined) await acronis.users.update(user.id, { version: user.version, enabled: false });\n' +
        '  if (reason !== undefined) return await leaveUser(acronis, user, begun, reason);',
    },
    chaos: {
      plan: cleanPlan('addUser', 'example', {
        strangers: [{ call: 5, act: 'does the same' }],
        faults: [
          { call: 5, fault: 'drop-before' },
          { call: 8, fault: { refuse: 403 } },
        ],
      }),
    },
  },
  {
    invariant: 'a user of somebody else keeps its roles, and gets no password',
    check: inHarm('    ...changedAccounts(ended),\n', ''),
    bug: planted('a user whom somebody else has made meanwhile is treated as this run’s own'),
    chaos: { plan: cleanPlan('addUser', 'example', { strangers: [{ call: 5, act: 'does the same' }] }) },
  },
  {
    invariant: 'no tenant in which people live is deleted or disabled',
    check: inHarm('    ...endedTenants(ended),\n', ''),
    bug: {
      mistake: 'an undo leaves a tenant disabled that it does not remove',
      file: 'activities/tenant-removal.ts',
      find: 'if (reason !== undefined) return await switchOnAgain(acronis, tenant, reason);',
      replace: 'if (reason !== undefined) return (await switchOff(acronis, tenant)).enabled ? undefined : reason;',
    },
    chaos: {
      plan: cleanPlan('provisionCustomer', 'example', {
        strangers: [{ call: 8, act: 'moves in' }],
        faults: [{ call: 9, fault: { refuse: 403 } }],
      }),
    },
  },
  {
    invariant: 'what others have set stays, unless the run has changed the same',
    check: inHarm('    ...revertedSettings(ended),\n', ''),
    bug: planted('what a person did in the place of a run is taken back'),
    chaos: {
      plan: cleanPlan('disableTenant', 'example', {
        strangers: [{ call: 6, act: 'does the same' }],
        faults: [{ call: 6, fault: { refuse: 403 } }],
      }),
    },
  },
  {
    invariant: 'a run completes whose troubles all pass',
    check: inProblems('    ...gaveUpTooEarly(ended),\n', ''),
    bug: planted("a proxy's page taken for the last word of the vendor"),
    chaos: { plan: cleanPlan('provisionCustomer', 'example', { faults: [{ call: 5, fault: { proxy: 400 } }] }) },
  },
  {
    invariant: 'nobody counts as invited who was not',
    check: inHarm("problems.push('its user was never invited');", 'void adopted;'),
    bug: planted('who holds the role is taken for invited'),
    chaos: { plan: cleanPlan('addUser', 'never invited') },
  },
  {
    invariant: 'whoever has to decide gets a notice',
    check: inProblems('notices.length === 0', 'notices.length < 0'),
    bug: {
      mistake: 'nobody gets a notice that a run waits for a decision',
      file: 'workflows/decisions/reminders.ts',
      find: 'void notices.notify.executeWithOptions({ summary }, [notice]).catch(() => undefined);',
      replace: 'void (notices && summary && notice);',
    },
    chaos: { seed: 1, runs: 200 },
  },
  {
    invariant: 'a run is found under the state in which it closed',
    check: inProblems('found === status.state', "found !== ''"),
    bug: {
      mistake: 'a run that has completed is still found as running',
      file: 'workflows/kernel/searchable.ts',
      find: '{ key: tenantryState, value: state.state },',
      replace: "{ key: tenantryState, value: state.state === 'completed' ? undefined : state.state },",
    },
    chaos: { seed: 1, runs: 200 },
  },
  {
    invariant: 'a run closes as its status says',
    check: inProblems('closed === fitting[status.state]', 'closed in { ...fitting, failed: true }'),
    bug: {
      mistake: 'a run that was cancelled closes as failed',
      file: 'workflows/kernel/end-run.ts',
      find: 'throw new CancelledFailure(reason.message);',
      replace: 'throw createClosingFailure(board, reason);',
    },
    chaos: { seed: 1, runs: 200 },
  },
  {
    invariant: 'no step is running in a run that has closed',
    check: inProblems("({ state }) => state === 'running'", '() => false'),
    bug: {
      mistake: 'a step that has failed is shown as running',
      file: 'workflows/kernel/step-executor.ts',
      find: 'board.stepFailed(name, message, facts);',
      replace: 'board.setLastError(name, message);',
    },
    chaos: { seed: 1, runs: 200 },
  },
  {
    invariant: 'after a run that did not complete all is as before',
    check: inProblems(
      'return describeDifferences(before, kept, `not as before although the run is ${status.state} (${plan.onFailure})`);',
      'return plan === undefined ? [status.state] : [];',
    ),
    bug: planted('undo registered after the act'),
    chaos: { seed: 1, runs: 200 },
  },
  {
    invariant: 'after a run that completed all is as the model says, which is written by hand',
    check: inProblems('...missingFields(asked, there)', '...missingFields({}, asked)'),
    bug: {
      mistake: 'a second factor is switched off where it is to be required',
      file: 'activities/two-factor.ts',
      find: 'await twoFactor.set(tenantId, true)',
      replace: 'await twoFactor.set(tenantId, false)',
    },
    chaos: { seed: 1, runs: 200 },
  },
  {
    invariant: 'people can work with what a run calls completed',
    check: inProblems('...unusableResults(ended),', ''),
    bug: {
      mistake: "a partner's administrator gets no role",
      file: 'workflows/provision-partner/workflow.ts',
      find: 'await ensureRole(steps, joined);',
      replace: "if (joined.userId === '') await ensureRole(steps, joined);",
    },
    chaos: { plan: cleanPlan('provisionPartner', 'example') },
  },
  {
    invariant: 'a file that is kept is whole',
    check: inProblems('files.filter((text) => !shapes.includes(fileShape(text)))', 'files.slice(0, 0)'),
    bug: {
      mistake: 'the file of a report is kept as it came',
      file: 'acronis/report-files.ts',
      find: "if (bytes === 0) throw refuse('the file is empty');",
      replace: 'if (bytes >= 0) return void (found = { bytes });',
    },
    chaos: { plan: cleanPlan('produceReport', 'example', { faults: [{ call: 7, fault: 'cut' }] }) },
  },
  {
    invariant: 'after a run that completed all is as after an undisturbed one',
    check: inProblems("...describeDifferences(whole, there, 'not as asked')", "...describeDifferences({}, {}, '')"),
    bug: {
      mistake: 'an API client whose secret was lost stays',
      file: 'activities/api-clients.ts',
      find: 'for (const id of useless) await remove',
      replace: "for (const id of useless) if (id === '') await remove",
    },
    chaos: { plan: cleanPlan('createApiClient', 'example', { faults: [lost(5)] }) },
  },
  {
    invariant: 'what a run leaves is named',
    check: inProblems(
      "return describeDifferences(before, withoutLeftovers(ended, kept), 'neither as before nor named');",
      "return describeDifferences({}, withoutLeftovers(ended, {}), '');",
    ),
    bug: {
      mistake: 'a leftover is named by the wrong id',
      file: 'activities/marked-removal.ts',
      find: "return reason === undefined ? [] : [{ kind: 'tenant', id, reason }]",
      replace: "return reason === undefined ? [] : [{ kind: 'tenant', id: now.parent_id, reason }]",
    },
    chaos: { seed: 1, runs: 500 },
  },
];
