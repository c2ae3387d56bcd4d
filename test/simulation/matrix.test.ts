import { expect, test } from '@jest/globals';
import { bundlePath } from '../../worker/bundle.js';
import { catalogue } from '../../catalogue/index.js';
import { findCells, describeCell } from './cells.js';
import { expectedEnds } from './expected-ends.js';
import { activityNames } from './simulate.js';
import { everyStart } from './subjects.js';
import { checkCell } from './check-cell.js';
import { openSandbox } from './vm.js';

const sandbox = openSandbox(bundlePath, activityNames());
const measure = expectedEnds(sandbox);
const SAMPLE = 6;
const PATIENCE_MS = 600_000;

const starts = everyStart().map(
  ({ subject, earlier }) => [subject.operation, earlier ?? subject.variant, subject, earlier] as const,
);

test('every operation is in the fault matrix', () => {
  expect(new Set(starts.map(([operation]) => operation))).toEqual(new Set(Object.keys(catalogue)));
});

test.each(starts)(
  '%s (%s) ends as the model says, whatever fault meets whichever of its calls',
  async (_operation, _variant, subject, earlier) => {
    const cells = await findCells(sandbox, subject, earlier);
    const every = Math.ceil(cells.length / SAMPLE);
    const wrong: string[] = [];

    for (const cell of cells.filter((_cell, nth) => nth % every === every - 1)) {
      const problems = await checkCell(sandbox, measure, cell);
      if (problems.length > 0) wrong.push([describeCell(cell), ...problems].join('\n'));
    }

    expect(wrong).toEqual([]);
  },
  PATIENCE_MS,
);
