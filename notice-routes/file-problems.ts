import type { InputProblem } from '../contract/errors.js';
import { didYouMean } from '../contract/misspellings.js';
import type { NoticesContent, Route } from './notices-file.js';
import { isAlwaysQuiet } from './times.js';

/** What a target may be called: the name stands in the id of a workflow. */
const TARGET_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** The problems that no field has alone. */
export function problemsAcross(file: NoticesContent): InputProblem[] {
  return [...problemsOfTargets(file), ...problemsOfRoutes(file), ...problemsOfTimes(file)];
}

function problemsOfTargets({ targets, routes }: NoticesContent): InputProblem[] {
  const used = new Set(routes.flatMap(({ to }) => to));
  return Object.keys(targets).flatMap((name) => {
    const path = `targets.${name}`;
    if (!TARGET_NAME.test(name))
      return [{ path, message: 'cannot be the name of a target: give 1 to 40 of a-z, 0-9 and -' }];
    return used.has(name) ? [] : [{ path, message: 'is used by no route: name it in the "to" of one, or remove it' }];
  });
}

function problemsOfRoutes({ targets, routes, digest }: NoticesContent): InputProblem[] {
  const known = Object.keys(targets);
  const problems = routes.flatMap(({ to, digest: inDigest }, at): InputProblem[] => [
    ...to.flatMap((name, nth) =>
      known.includes(name)
        ? []
        : [{ path: `routes.${at}.to.${nth}`, message: `is no target${didYouMean(name, known)}` }],
    ),
    ...(new Set(to).size < to.length ? [{ path: `routes.${at}.to`, message: 'names a target twice' }] : []),
    ...(inDigest && digest === undefined
      ? [{ path: 'digest', message: `is missing: routes.${at} is for the digest; give a time such as "07:30"` }]
      : []),
  ]);
  return [...problems, ...problemsOfOrder(routes)];
}

/** Nothing may fall through, and no route may stand behind one that fits everything. */
function problemsOfOrder(routes: readonly Route[]): InputProblem[] {
  const first = routes.findIndex(fitsEverything);
  const last = routes.length - 1;
  if (first === -1)
    return [{ path: `routes.${last}`, message: 'is the last route, so it must have no "when": it gets what is left' }];
  return routes.slice(first + 1).map((_, nth) => ({
    path: `routes.${first + 1 + nth}`,
    message: `is never reached, because routes.${first} fits everything: move that one to the end`,
  }));
}

function fitsEverything({ when }: Route): boolean {
  return Object.values(when).every((field) => field === undefined);
}

function problemsOfTimes({ quiet }: NoticesContent): InputProblem[] {
  if (!isAlwaysQuiet(quiet)) return [];
  return [{ path: 'quiet', message: 'leaves no minute of the week in which anything but what is urgent is sent' }];
}
