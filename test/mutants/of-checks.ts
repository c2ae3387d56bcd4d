import type { Bug, Edit, Proof } from './mutant.js';
import { undisturbed, type Plan } from '../simulation/plan.js';
import { mutants } from './mutants.js';

const inLives = (find: string, replace: string): Edit => ({ file: 'test/simulation/lives.ts', find, replace });
const inJudge = (find: string, replace: string): Edit => ({ file: 'test/simulation/judge.ts', find, replace });

/** The answer to this call is lost. */
const lost = (call: number): Plan['faults'][number] => ({ call, fault: 'commit-then-drop' });

function planted(mistake: string): Bug {
  return mutants.find((mutant) => mutant.mistake === mistake)!;
}

export const proofs: readonly Proof[] = [
  {
    invariant: 'nobody gets more than two mails',
    check: inJudge('.length > MOST_MAILS,', '.length > Infinity,'),
    bug: planted('a third mail'),
    chaos: { plan: undisturbed('provisionCustomer', 'example', { faults: [lost(10), lost(12)] }) },
  },
  {
    invariant: 'what others have made stays, and who has moved in',
    check: inLives('strangers.belongings.filter((one) => !isThere(memory, one))', 'strangers.belongings.slice(0, 0)'),
    bug: planted('a tenant is removed although others have moved in'),
    chaos: { seed: 1, runs: 500 },
  },
  {
    invariant: 'a user of somebody else keeps its roles, and gets no password',
    check: inLives('...spoiltAccounts(ended), ', ''),
    bug: planted('a user whom somebody else has made meanwhile is treated as this run’s own'),
    chaos: { plan: undisturbed('addUser', 'example', { strangers: [{ call: 5, act: 'does the same' }] }) },
  },
  {
    invariant: 'nobody counts as invited who was not',
    check: inLives("problems.push('its user was never invited');", 'void adopted;'),
    bug: planted('who holds the role is taken for invited'),
    chaos: { plan: undisturbed('addUser', 'never invited') },
  },
  {
    invariant: 'whoever is to decide is told',
    check: inJudge('notices.length === 0', 'notices.length < 0'),
    bug: {
      mistake: 'nobody is told that a run waits for a decision',
      file: 'workflows/decisions/reminders.ts',
      find: 'void notices.notify.executeWithOptions({ summary }, [notice]).catch(() => undefined);',
      replace: 'void (notices && summary && notice);',
    },
    chaos: { seed: 1, runs: 200 },
  },
  {
    invariant: 'a run is found under the state in which it closed',
    check: inJudge('found === status.state', "found !== ''"),
    bug: {
      mistake: 'a run that has completed is still found as running',
      file: 'workflows/kernel/status-board.ts',
      find: '{ key: tenantryState, value: state.state },',
      replace: "{ key: tenantryState, value: state.state === 'completed' ? undefined : state.state },",
    },
    chaos: { seed: 1, runs: 200 },
  },
  {
    invariant: 'a run closes as its status says',
    check: inJudge('closed === fitting[status.state]', 'closed in { ...fitting, failed: true }'),
    bug: {
      mistake: 'a run that was cancelled closes as failed',
      file: 'workflows/kernel/end-run.ts',
      find: 'throw new CancelledFailure(reason.message);',
      replace: 'throw closingFailure(board, reason);',
    },
    chaos: { seed: 1, runs: 200 },
  },
  {
    invariant: 'no step is running in a run that has closed',
    check: inJudge("({ state }) => state === 'running'", '() => false'),
    bug: {
      mistake: 'a step that has failed is shown as running',
      file: 'workflows/kernel/step-executor.ts',
      find: 'board.stepFailed(name, message, facts?.attempts);',
      replace: 'board.setLastError(name, message);',
    },
    chaos: { seed: 1, runs: 200 },
  },
  {
    invariant: 'after a run that did not complete all is as before',
    check: inJudge(
      'return differing(before, kept, `not as before although the run is ${status.state} (${plan.onFailure})`);',
      'return plan === undefined ? [status.state] : [];',
    ),
    bug: planted('undo registered after the act'),
    chaos: { seed: 1, runs: 200 },
  },
  {
    invariant: 'after a run that completed all is as the model says, which is written by hand',
    check: inJudge('...lacking(asked, there)', '...lacking({}, asked)'),
    bug: {
      mistake: 'a second factor is switched off where it is to be required',
      file: 'activities/two-factor.ts',
      find: 'await acronis.twoFactor.set(tenantId, true);',
      replace: 'await acronis.twoFactor.set(tenantId, false);',
    },
    chaos: { seed: 1, runs: 200 },
  },
  {
    invariant: 'people can work with what a run calls completed',
    check: inJudge('...unusable(ended),', ''),
    bug: {
      mistake: "a partner's administrator gets no role",
      file: 'workflows/provision-partner/workflow.ts',
      find: 'await giveRole(steps, joined);',
      replace: "if (joined.userId === '') await giveRole(steps, joined);",
    },
    chaos: { plan: undisturbed('provisionPartner', 'example') },
  },
  {
    invariant: 'a file that is kept is whole',
    check: inJudge('files.filter((text) => !shapes.includes(shapeOf(text)))', 'files.slice(0, 0)'),
    bug: {
      mistake: 'the file of a report is kept as it came',
      file: 'acronis/report-files.ts',
      find: 'const bytes = decompress(received.bytes);',
      replace: 'if (size !== -1) return { bytes: received.bytes };\n  const bytes = decompress(received.bytes);',
    },
    chaos: { plan: undisturbed('produceReport', 'example', { faults: [{ call: 7, fault: 'cut' }] }) },
  },
  {
    invariant: 'after a run that completed all is as after an undisturbed one',
    check: inJudge("...differing(whole, there, 'not as asked')", "...differing({}, {}, '')"),
    bug: {
      mistake: 'an API client whose secret was lost stays',
      file: 'activities/api-clients.ts',
      find: 'for (const one of lost.filter(carriesMark(mark))) await remove',
      replace: "for (const one of lost.filter(carriesMark(mark))) if (idOf(one) === '') await remove",
    },
    chaos: { plan: undisturbed('createApiClient', 'example', { faults: [lost(5)] }) },
  },
  {
    invariant: 'what a run leaves is named',
    check: inJudge(
      "return differing(before, withoutLeftovers(ended, kept), 'neither as before nor named');",
      "return differing({}, withoutLeftovers(ended, {}), '');",
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
