import { traits, type Fault, type Untidy } from '../../simulator/index.js';
import { everyFault } from './faults.js';
import { cleanPlan, type Plan } from './plan.js';
import { simulate } from './simulate.js';
import type { Subject } from './subjects.js';
import type { Sandbox } from './vm.js';
import type { TracedCall } from './network.js';

/** When the fault happens: at a step's first attempt, at a later attempt after the effect, or during the undo. */
export type Stage = 'first try' | 'after the effect' | 'during undo';

/** A call that a fault can hit, and the faults that lead to it. */
export interface FaultPoint {
  subject: Subject;
  /** How untidy the cloud is. Default: tidy. */
  untidy?: Untidy | undefined;
  /** The run for the same key that has ended before. Default: none. */
  earlier?: string | undefined;
  /** The step that makes the call, or whose refusal starts the undo. */
  step: string;
  stage: Stage;
  /** Earlier faults that lead to this call. */
  earlierFaults: Plan['faults'];
  call: TracedCall;
  /** The changing calls of the undisturbed run, in order. */
  changes: readonly TracedCall[];
}

/** One combination. The model says how its run must end. */
export interface Cell extends FaultPoint {
  fault: Fault;
  worker: 'alive' | 'killed';
  cancel: 'never' | 'before' | 'during' | 'after';
}

const REFUSAL: Fault = { refuse: 403 };

/** Traits that make calls fail by themselves. Without them the fault of a cell hits the right call. */
const failingTraits = new Set<string>([
  'proxies',
  'slowBodies',
  'lateAnswers',
  'lateLists',
  'mixedAnswers',
  'lostRows',
]);
const untidyWorld: Untidy = { seed: 1, traits: traits.filter((trait) => !failingTraits.has(trait)) };
/** One of this many cells runs in an untidy cloud. */
const UNTIDY = 3;

/** Every cell of an operation, some of them in an untidy cloud. */
export async function findCells(sandbox: Sandbox, subject: Subject, earlier?: string): Promise<Cell[]> {
  const tidy = (await findFaultPoints(sandbox, subject, { earlier })).flatMap(cellsAt);
  const untidy = (await findFaultPoints(sandbox, subject, { earlier, untidy: untidyWorld })).flatMap(cellsAt);
  return [...tidy.filter((_cell, nth) => nth % UNTIDY > 0), ...untidy.filter((_cell, nth) => nth % UNTIDY === 0)];
}

/** Every fault point of an operation. A simulation finds them, so a new operation or step needs no entry here. */
export async function findFaultPoints(
  sandbox: Sandbox,
  subject: Subject,
  { untidy, earlier }: Pick<FaultPoint, 'untidy' | 'earlier'> = {},
): Promise<FaultPoint[]> {
  const { operation, variant } = subject;
  const world = { ...(untidy && { untidy }), ...(earlier && { earlier }) };
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
    // a step whose first attempt was refused has nothing to undo
    const refused: Plan['faults'] = [...lost, { call: again[0]!.n, fault: REFUSAL }];
    const undoing = (await calls(refused))
      .slice(again[0]!.n)
      .filter((call) => !first.some((one) => one.step === call.step));
    places.push(...undoing.map((call) => at(call, 'during undo', refused, step)));
  }
  return places;

  function at(call: TracedCall, stage: Stage, opening: Plan['faults'], step: string): FaultPoint {
    return { subject, untidy, earlier, step, stage, earlierFaults: opening, call, changes: changing };
  }
}

/** Every combination at a fault point. */
export function cellsAt(place: FaultPoint): Cell[] {
  return everyFault
    .filter((fault) => isPossible(place, fault))
    .flatMap((fault) =>
      workersFor(fault).flatMap((worker) =>
        (['never', 'before', 'during', 'after'] as const).map((cancel) => ({ ...place, fault, worker, cancel })),
      ),
    );
}

/** A fault that only spoils the answer does not matter to a dead worker. */
function workersFor(fault: Fault): Cell['worker'][] {
  const spoilsTheAnswer = fault === 'cut' || (typeof fault === 'object' && ('proxy' in fault || 'drip' in fault));
  return spoilsTheAnswer ? ['alive'] : ['alive', 'killed'];
}

/** The token endpoint refuses only credentials, or because the service is in trouble. */
function isPossible({ call }: FaultPoint, fault: Fault): boolean {
  if (!call.route.startsWith('POST /idp/') || typeof fault === 'string' || !('refuse' in fault)) return true;
  return [400, 401, 403].includes(fault.refuse) || fault.refuse >= 500;
}

/** The plan for a cell. */
export function toPlan({ subject, untidy, earlier, earlierFaults: opening, call, fault, worker, cancel }: Cell): Plan {
  return cleanPlan(subject.operation, subject.variant, {
    faults: [...opening, { call: call.n, fault }],
    kills: worker === 'killed' ? [{ call: call.n, when: 'during' }] : [],
    ...(cancel === 'never' ? {} : { cancel: { call: call.n, when: cancel } }),
    ...(untidy === undefined ? {} : { untidy }),
    ...(earlier === undefined ? {} : { earlier }),
  });
}

/** The description of a cell. */
export function describeCell({ subject, untidy, earlier, step, stage, call, fault, worker, cancel }: Cell): string {
  const { operation, variant } = subject;
  const what = `${JSON.stringify(fault)} at ${call.route} (call ${call.n}) of ${step}, ${stage}`;
  const where = `${untidy === undefined ? '' : ', untidy'}${earlier === undefined ? '' : `, after a run that ${earlier}`}`;
  return `${operation} (${variant}): ${what}, worker ${worker}, cancel ${cancel}${where}`;
}

/** Whether a call changes something. A POST for a token does not. */
export function isChange({ route, step }: TracedCall): boolean {
  return step !== undefined && !route.startsWith('GET ') && !route.startsWith('POST /idp/');
}
