import { expect, test } from '@jest/globals';
import { bundlePath } from '../../worker/bundle.js';
import { isChange } from './cells.js';
import { undisturbed, type Plan } from './plan.js';
import { activityNames, play } from './play.js';
import { unlike } from './portrait.js';
import { everySubject } from './subjects.js';
import { openSandbox } from './vm.js';

const sandbox = openSandbox(bundlePath, activityNames());
const PATIENCE_MS = 600_000;
/** Where what becomes of one of many is its answer, nobody is asked. */
const subjects = everySubject()
  .filter(({ model }) => model.forEach === undefined)
  .map(({ operation, variant }) => [operation, variant] as const);

/** A call is refused, a person is asked and gives up: what the run has changed from then on, and what is otherwise in the world. */
async function givenUp(operation: string, variant: string, call: number, fault: Plan['faults'][number]['fault']) {
  const plan = undisturbed(operation, variant, { onFailure: 'ask', decisions: ['abort'], faults: [{ call, fault }] });
  const { trace, before, after, status } = await play(sandbox, plan);
  const changes = trace.filter((one) => one.n > call && isChange(one)).map(({ route, step }) => `${route} of ${step}`);
  return { changes, unlike: unlike(before, after), status };
}

test.each(subjects)(
  '%s (%s): giving up after a refusal takes nothing back that a person has done meanwhile in the place of the run',
  async (operation, variant) => {
    const { trace } = await play(sandbox, undisturbed(operation, variant));
    const changing = trace.filter(isChange);

    for (const [nth, { n, route }] of changing.entries()) {
      const alone = await givenUp(operation, variant, n, { refuse: 403 });
      // the refused call takes effect all the same: a person does just that in the console
      const byPerson = await givenUp(operation, variant, n, { refuse: 403, commit: true });

      const more = byPerson.changes.filter((change) => !alone.changes.includes(change));
      expect([route, more]).toEqual([route, []]);
      if (nth === 0) {
        expect([route, byPerson.changes]).toEqual([route, []]);
        expect([route, byPerson.status]).toMatchObject([route, { state: 'failed', reason: { type: 'Refused' } }]);
      }
    }
  },
  PATIENCE_MS,
);
