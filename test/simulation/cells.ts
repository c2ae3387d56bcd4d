import { traits, type Fault, type Untidy } from '../../simulator/index.js';
import { everyFault } from './faults.js';
import { cleanPlan, type Plan } from './plan.js';
import { simulate } from './simulate.js';
import type { Subject } from './subjects.js';
import type { Sandbox } from './vm.js';
import type { TracedCall } from './network.js';

/** When the fault strikes: at a step's first try, when it looks again after its effect, or while the run is undone. */
export type Stage = 'first try' | 'after the effect' | 'during undo';

/** Where a fault can strike, and what must happen before so that it can. */
export interface FaultPoint {
  subject: Subject;
  /** How untidy the cloud is; tidy unless given. */
  untidy?: Untidy | undefined;
  /** The step that is tried, or after whose refusal the run is undone. */
  step: string;
  stage: Stage;
  /** What strikes earlier, to get there. */
  earlierFaults: Plan['faults'];
  call: TracedCall;
  /** Steps that the undisturbed run changes something with, in order. */
  changes: readonly TracedCall[];
}

/** One combination: what must come of it says the model. */
export interface Cell extends FaultPoint {
  fault: Fault;
  worker: 'alive' | 'killed';
  cancel: 'never' | 'before' | 'during' | 'after';
}

const REFUSAL: Fault = { refuse: 403 };

/** What makes calls fail by itself: the one fault of a cell is to meet the call that it is for. */
const failingTraits = new Set<string>(['proxies', 'slowBodies', 'lateAnswers', 'lateLists', 'lostRows']);
const untidyWorld: Untidy = { seed: 1, traits: traits.filter((trait) => !failingTraits.has(trait)) };
/** Of so many cells one is tried where the cloud is untidy. */
const UNTIDY = 3;

/** Every cell of an operation, some of them where the cloud is untidy. */
export async function findCells(sandbox: Sandbox, subject: Subject): Promise<Cell[]> {
  const tidy = (await findFaultPoints(sandbox, subject)).flatMap(cellsAt);
  const untidy = (await findFaultPoints(sandbox, subject, untidyWorld)).flatMap(cellsAt);
  return [...tidy.filter((_cell, nth) => nth % UNTIDY > 0), ...untidy.filter((_cell, nth) => nth % UNTIDY === 0)];
}

/** Every place of an operation: found by playing it, so that a new operation, step or call is in the matrix by itself. */
export async function findFaultPoints(sandbox: Sandbox, subject: Subject, untidy?: Untidy): Promise<FaultPoint[]> {
  const { operation, variant } = subject;
  const world = untidy === undefined ? {} : { untidy };
  const calls = async (faults: Plan['faults']) =>
    (await simulate(sandbox, cleanPlan(operation, variant, { faults, ...world }))).trace;
  const clean = await simulate(sandbox, cleanPlan(operation, variant, world));
  if (clean.status.state !== 'completed')
    throw new Error(
      `${operation} (${variant}) needs a model that prepares its world: undisturbed it is ${clean.status.state}`,
    );
  const first = clean.trace;
  const changing = first.filter(isChange);
  const places = first.map((call) => at(call, 'first try', [], call.step ?? 'token'));
  for (const change of changing) {
    const step = change.step!;
    const lost: Plan['faults'] = [{ call: change.n, fault: 'commit-then-drop' }];
    const again = (await calls(lost)).filter((call) => call.step === step && call.attempt > change.attempt);
    places.push(...again.map((call) => at(call, 'after the effect', lost, step)));
    // a step that was refused at once has nothing to undo
    const refused: Plan['faults'] = [...lost, { call: again[0]!.n, fault: REFUSAL }];
    const undoing = (await calls(refused))
      .slice(again[0]!.n)
      .filter((call) => !first.some((one) => one.step === call.step));
    places.push(...undoing.map((call) => at(call, 'during undo', refused, step)));
  }
  return places;

  function at(call: TracedCall, stage: Stage, opening: Plan['faults'], step: string): FaultPoint {
    return { subject, untidy, step, stage, earlierFaults: opening, call, changes: changing };
  }
}

/** Every combination at a place. */
export function cellsAt(place: FaultPoint): Cell[] {
  return everyFault
    .filter((fault) => isPossible(place, fault))
    .flatMap((fault) =>
      workersFor(fault).flatMap((worker) =>
        (['never', 'before', 'during', 'after'] as const).map((cancel) => ({ ...place, fault, worker, cancel })),
      ),
    );
}

/** Of what only spoils the answer a dead worker hears nothing. */
function workersFor(fault: Fault): Cell['worker'][] {
  const spoilsTheAnswer = fault === 'cut' || (typeof fault === 'object' && ('proxy' in fault || 'drip' in fault));
  return spoilsTheAnswer ? ['alive'] : ['alive', 'killed'];
}

/** Of all refusals the token endpoint only knows those of credentials, and those of a service in trouble. */
function isPossible({ call }: FaultPoint, fault: Fault): boolean {
  if (!call.route.startsWith('POST /idp/') || typeof fault === 'string' || !('refuse' in fault)) return true;
  return [400, 401, 403].includes(fault.refuse) || fault.refuse >= 500;
}

/** What is to be played for a cell. */
export function toPlan({ subject, untidy, earlierFaults: opening, call, fault, worker, cancel }: Cell): Plan {
  return cleanPlan(subject.operation, subject.variant, {
    faults: [...opening, { call: call.n, fault }],
    kills: worker === 'killed' ? [{ call: call.n, when: 'during' }] : [],
    ...(cancel === 'never' ? {} : { cancel: { call: call.n, when: cancel } }),
    ...(untidy === undefined ? {} : { untidy }),
  });
}

/** A cell in words. */
export function describeCell({ subject, untidy, step, stage, call, fault, worker, cancel }: Cell): string {
  const { operation, variant } = subject;
  const what = `${JSON.stringify(fault)} at ${call.route} (call ${call.n}) of ${step}, ${stage}`;
  const where = untidy === undefined ? '' : ', untidy';
  return `${operation} (${variant}): ${what}, worker ${worker}, cancel ${cancel}${where}`;
}

/** Tokens are got by POST too, but nothing changes by that. */
export function isChange({ route, step }: TracedCall): boolean {
  return step !== undefined && !route.startsWith('GET ') && !route.startsWith('POST /idp/');
}
