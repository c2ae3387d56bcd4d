import { expect, test } from '@jest/globals';
import { bundlePath } from '../../worker/bundle.js';
import { activityNames } from './simulate.js';
import { PlanningWorld, type ChangeFinding } from './planning-world.js';
import { everySubject } from './subjects.js';
import { openSandbox } from './vm.js';

const sandbox = openSandbox(bundlePath, activityNames());
const subjects = everySubject().map((subject) => [subject.operation, subject.variant, subject] as const);

type Path = readonly string[];

/** The path of every value in a finding; of each list only the first row. */
function leavesOf(found: unknown, at: Path = []): Path[] {
  if (typeof found !== 'object' || found === null) return [at];
  const fields = Array.isArray(found) ? Object.entries(found).slice(0, 1) : Object.entries(found);
  return fields.flatMap(([name, value]) => leavesOf(value, [...at, name]));
}

function otherwise(found: unknown, [name, ...rest]: Path): unknown {
  if (name === undefined) return typeof found === 'boolean' ? !found : typeof found === 'number' ? found + 1 : 'other';
  const copy = (Array.isArray(found) ? [...(found as unknown[])] : { ...(found as object) }) as Record<string, unknown>;
  return Object.assign(copy, { [name]: otherwise(copy[name], rest) });
}

test.each(subjects)(
  'a plan of %s (%s) is another one when anything that it has seen is otherwise',
  async (_operation, _variant, subject) => {
    const world = new PlanningWorld(sandbox, subject);
    try {
      const findings: unknown[] = [];
      const { planHash } = await world.plan(world.input, (found) => (findings.push(found), found));
      expect(findings).not.toEqual([]);
      const unnoticed: string[] = [];
      for (const [nth, finding] of findings.entries())
        for (const path of finding === null ? [] : leavesOf(finding)) {
          let seen = -1;
          const seeing: ChangeFinding = (found) => ((seen += 1) === nth ? otherwise(found, path) : found);
          if ((await world.plan(world.input, seeing)).planHash === planHash)
            unnoticed.push(`${nth}: ${path.join('/')}`);
        }
      expect(unnoticed).toEqual([]);
    } finally {
      world.close();
    }
  },
);
