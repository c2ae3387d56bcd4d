import { array, constant, constantFrom, integer, nat, option, record, subarray, type Arbitrary } from 'fast-check';
import { traits } from '../../simulator/index.js';
import { choices } from '../../contract/decisions.js';
import { everyFault } from './faults.js';
import { earlierRuns } from './earlier-run.js';
import { models } from './models/index.js';
import { deadlines, type Plan } from './plan.js';
import { strangerActions } from './strangers.js';
import { everySubject } from './subjects.js';

const LAST_CALL = 25;
const LONGEST_ABSENCE_MS = 20_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_OUTAGE_MS = 3 * HOUR_MS;
const SITES = 2;
/** If lists lose rows, the product can promise nothing. Mixed answers have tests of their own. */
const worthy = traits.filter((one) => one !== 'lostRows' && one !== 'mixedAnswers');
/** How far the workers' clock is ahead after a step, in milliseconds. */
const steps = [-DAY_MS, -HOUR_MS, HOUR_MS, DAY_MS];
const never = { nil: undefined };

type Strangers = Plan['strangers'] & {};

/** A run that waits until its tenant is enabled would wait for ever, because nobody enables it here. */
function withEnd(operation: string, strangers: Strangers): Strangers {
  return models[operation]?.waitsForMinutes ? strangers.filter(({ act }) => act !== 'switches') : strangers;
}

/** Any plan for any operation. */
export function anyPlan(): Arbitrary<Plan> {
  const call = integer({ min: 1, max: LAST_CALL });
  const when = constantFrom(...(['before', 'during', 'after'] as const));
  const around = record({ call, when });
  const lasting = (max: number) => array(record({ call, ms: integer({ min: 1, max }) }), { maxLength: 1 });
  return record({
    subject: constantFrom(...everySubject().map(({ operation, variant }) => ({ operation, variant }))).chain(
      ({ operation, variant }) =>
        option(constantFrom(...Object.keys(earlierRuns(operation))), { ...never, freq: 2 }).map((earlier) => ({
          operation,
          variant,
          ...(earlier === undefined ? {} : { earlier }),
        })),
    ),
    onFailure: constantFrom(...(['undo', 'ask', 'keep'] as const)),
    seed: nat(1_000_000),
    faults: array(record({ call, fault: constantFrom(...everyFault) }), { maxLength: 4 }),
    kills: array(around, { maxLength: 2 }),
    absences: lasting(LONGEST_ABSENCE_MS),
    outages: lasting(LONGEST_OUTAGE_MS),
    decisions: array(constantFrom('wait' as const, ...choices), { maxLength: 3 }),
    cancel: option(around, { ...never, freq: 3 }),
    strangers: option(array(record({ call, act: constantFrom(...strangerActions) }), { minLength: 1, maxLength: 2 }), {
      ...never,
      freq: 5,
    }),
    deadline: option(constantFrom(...deadlines), { ...never, freq: 5 }),
    untidy: option(record({ seed: nat(1_000_000), traits: subarray(worthy) }), { ...never, freq: 1 }),
    sites: option(constant(SITES), { ...never, freq: 1 }),
    clockSteps: option(array(record({ call, ms: constantFrom(...steps) }), { minLength: 1, maxLength: 2 }), {
      ...never,
      freq: 3,
    }),
  }).map(({ subject, cancel, strangers, deadline, untidy, sites, clockSteps, ...plan }) => ({
    ...plan,
    ...subject,
    ...(sites === undefined ? {} : { sites }),
    ...(clockSteps === undefined ? {} : { clockSteps }),
    ...(cancel === undefined ? {} : { cancel }),
    ...(strangers === undefined ? {} : { strangers: withEnd(subject.operation, strangers) }),
    // only an order that asks has a deadline
    ...(deadline === undefined || plan.onFailure !== 'ask' ? {} : { deadline }),
    ...(untidy === undefined ? {} : { untidy }),
  }));
}
