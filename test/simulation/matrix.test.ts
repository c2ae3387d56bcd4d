import { expect, test } from '@jest/globals';
import { bundlePath } from '../../worker/bundle.js';
import { catalogue } from '../../catalogue/index.js';
import { cellsIn, nameOf } from './cells.js';
import { measures } from './measures.js';
import { activityNames } from './play.js';
import { everySubject } from './subjects.js';
import { tryCell } from './try-cell.js';
import { openSandbox } from './vm.js';

const sandbox = openSandbox(bundlePath, activityNames());
const measure = measures(sandbox);
const SAMPLE = 12;
const PATIENCE_MS = 600_000;

const subjects = everySubject().map((subject) => [subject.operation, subject.variant, subject] as const);

test('every operation is in the fault matrix', () => {
  expect(new Set(subjects.map(([operation]) => operation))).toEqual(new Set(Object.keys(catalogue)));
});

test.each(subjects)(
  '%s (%s) ends as the model says, whatever fault meets whichever of its calls',
  async (_operation, _variant, subject) => {
    const cells = await cellsIn(sandbox, subject);
    const every = Math.ceil(cells.length / SAMPLE);
    const wrong: string[] = [];

    for (const cell of cells.filter((_cell, nth) => nth % every === every - 1)) {
      const problems = await tryCell(sandbox, measure, cell);
      if (problems.length > 0) wrong.push([nameOf(cell), ...problems].join('\n'));
    }

    expect(wrong).toEqual([]);
  },
  PATIENCE_MS,
);
