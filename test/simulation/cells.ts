import type { Fault } from '../../simulator/index.js';
import { everyFault } from './faults.js';
import { undisturbed, type Plan } from './plan.js';
import { play } from './play.js';
import type { Subject } from './subjects.js';
import type { Sandbox } from './vm.js';
import type { TracedCall } from './wire.js';

/** When the fault strikes: at a step's first try, when it looks again after its effect, or while the run is undone. */
export type Stage = 'first try' | 'after the effect' | 'during undo';

/** Where a fault can strike, and what must happen before so that it can. */
export interface Place {
  subject: Subject;
  /** The step that is tried, or after whose refusal the run is undone. */
  step: string;
  stage: Stage;
  /** What strikes earlier, to get there. */
  opening: Plan['faults'];
  call: TracedCall;
  /** Steps that the undisturbed run changes something with, in order. */
  changing: readonly TracedCall[];
}

/** One combination: what must come of it says the model. */
export interface Cell extends Place {
  fault: Fault;
  worker: 'alive' | 'killed';
  cancel: 'never' | 'before' | 'during' | 'after';
}

const REFUSAL: Fault = { refuse: 403 };

/** Every place of an operation: found by playing it, so that a new operation, step or call is in the matrix by itself. */
export async function placesOf(sandbox: Sandbox, subject: Subject): Promise<Place[]> {
  const { operation, variant } = subject;
  const calls = async (faults: Plan['faults']) =>
    (await play(sandbox, undisturbed(operation, variant, { faults }))).trace;
  const clean = await play(sandbox, undisturbed(operation, variant));
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

  function at(call: TracedCall, stage: Stage, opening: Plan['faults'], step: string): Place {
    return { subject, step, stage, opening, call, changing };
  }
}

/** Every combination at a place. */
export function cellsOf(place: Place): Cell[] {
  return everyFault
    .filter((fault) => isPossible(place, fault))
    .flatMap((fault) =>
      (['alive', 'killed'] as const).flatMap((worker) =>
        (['never', 'before', 'during', 'after'] as const).map((cancel) => ({ ...place, fault, worker, cancel })),
      ),
    );
}

/** Of all refusals the token endpoint only knows those of credentials, and those of a service in trouble. */
function isPossible({ call }: Place, fault: Fault): boolean {
  if (!call.route.startsWith('POST /idp/') || typeof fault === 'string' || !('refuse' in fault)) return true;
  return [400, 401, 403].includes(fault.refuse) || fault.refuse >= 500;
}

/** What is to be played for a cell. */
export function planOf({ subject, opening, call, fault, worker, cancel }: Cell): Plan {
  return undisturbed(subject.operation, subject.variant, {
    faults: [...opening, { call: call.n, fault }],
    kills: worker === 'killed' ? [{ call: call.n, when: 'during' }] : [],
    ...(cancel === 'never' ? {} : { cancel: { call: call.n, when: cancel } }),
  });
}

/** A cell in words. */
export function nameOf({ subject, step, stage, call, fault, worker, cancel }: Cell): string {
  const { operation, variant } = subject;
  const what = `${JSON.stringify(fault)} at ${call.route} (call ${call.n}) of ${step}, ${stage}`;
  return `${operation} (${variant}): ${what}, worker ${worker}, cancel ${cancel}`;
}

/** Tokens are got by POST too, but nothing changes by that. */
export function isChange({ route, step }: TracedCall): boolean {
  return step !== undefined && !route.startsWith('GET ') && !route.startsWith('POST /idp/');
}
