import type { WatchedRun } from '../../contract/turn-queue.js';
import type {
  Claim,
  TurnGrant,
  LentTurn,
  Release,
  RunRef,
  WatchedState,
  TurnNews,
  TurnPlace,
  TurnsAt,
} from '../../contract/turn-queue.js';
import { addFound, forgetFound } from './found.js';
import { mayPass } from './patient.js';
import { isOtherRun, isSameRun, refOf } from './run-refs.js';
import { KnownKeys, type WorkingRun, type RunsAtPlace, type QueueState, type Waiting } from './state.js';

/** The messages that a queue sends. */
export interface QueueMessages {
  /** To a waiting run. */
  sendNews(news: TurnNews): void;
  /** Asks a blocked run to let another run pass. */
  askToLend(place: TurnPlace, run: RunRef, to: RunRef): void;
}

/** How long the queue remembers when the last run left a place. */
const LEFT_REMEMBERED_MS = 3_600_000;

/**
 * Keeps the order of the runs at each place: the run that was started first goes first, and a granted turn is never
 * revoked. Does not depend on Temporal.
 */
export class TurnQueue {
  private readonly keys: KnownKeys;
  private readonly changedPlaces = new Set<TurnPlace>();

  constructor(
    private readonly state: QueueState,
    private readonly messages: QueueMessages,
    private readonly now: () => number,
  ) {
    this.keys = new KnownKeys(state.keys);
  }

  /** The state to pass to the next run of the queue. */
  get snapshot(): QueueState {
    return { ...this.state, keys: this.keys.snapshot };
  }

  claim(claim: Claim): void {
    const { place, quiet, found } = claim;
    const line = (this.state.lines[place] ??= { atWork: [], waiting: [] });
    addFound(line, found);
    forgetFound(line, claim);
    for (const one of line.waiting) one.earlier = one.earlier.filter(isOtherRun(claim));
    const there = line.atWork.find(isSameRun(claim));
    if (there === undefined) this.enqueue(line, claim);
    else {
      // claimed again: after a reset, or after the claiming worker died
      there.grant ??= { waited: true, known: true };
      if (!quiet) this.sendGrant(place, there, there.grant);
    }
    this.changedPlaces.add(place);
  }

  /** A run has closed, or gives back its turn. */
  release(run: Release, closedAt = this.now()): void {
    const line = this.state.lines[run.place];
    if (line === undefined) return;
    if (line.atWork.some(isSameRun(run)))
      this.state.left[run.place] = Math.max(closedAt, this.state.left[run.place] ?? 0);
    line.atWork = line.atWork.filter(isOtherRun(run));
    line.waiting = line.waiting.filter(isOtherRun(run));
    for (const one of line.atWork) {
      if (one.lentTo === run.runId) delete one.lentTo;
      if (one.askedFor === run.runId) delete one.askedFor;
    }
    for (const one of line.waiting) one.earlier = one.earlier.filter(isOtherRun(run));
    this.changedPlaces.add(run.place);
  }

  lent({ place, to, ...run }: LentTurn): void {
    const lender = this.state.lines[place]?.atWork.find(isSameRun(run));
    if (lender === undefined) return;
    lender.lentTo = to.runId;
    this.changedPlaces.add(place);
  }

  /** Records the new state of a run that others wait for. */
  updateWatched({ place, run, as }: WatchedRun, sight: WatchedState): void {
    const line = this.state.lines[place];
    if (sight.state === 'gone') {
      // it may have claimed the turn since it was seen
      const hasTurn = sight.wantsNoTurn === true && releasesItself(place, line?.atWork.find(isSameRun(run)));
      return hasTurn ? void this.changedPlaces.add(place) : this.release({ ...run, place }, sight.closedAt);
    }
    if (line === undefined) return;
    if (as === 'earlier') {
      // a run that is blocked before its claim must not stop the others
      if (sight.state === 'blocked') for (const one of line.waiting) one.earlier = one.earlier.filter(isOtherRun(run));
      else for (const one of line.waiting) if (one.earlier.some(isSameRun(run))) one.told ??= '';
    }
    const there = line.atWork.find(isSameRun(run));
    if (there !== undefined && as === 'at work') {
      there.seen = sight.state;
      if (sight.state === 'blocked') there.blocked = sight.blocked;
      else delete there.blocked;
    }
    this.changedPlaces.add(place);
  }

  /** Grants turns after a batch of messages, so that an earlier run goes first even if its claim came last. */
  advanceAll(): void {
    for (const place of this.changedPlaces) this.advance(place);
    this.changedPlaces.clear();
    this.forgetOld();
  }

  /** The runs to watch. A place without waiting runs needs no watch. */
  get watched(): WatchedRun[] {
    return this.lines().flatMap(([place, { atWork, waiting }]) => {
      const [head] = waiting;
      if (head === undefined) return [];
      return [
        ...atWork.map((one): WatchedRun => {
          const releases = releasesItself(place, one) && ({ releases: true } as const);
          return { place, run: refOf(one), as: 'at work', seen: watchedStateOf(one), ...releases };
        }),
        ...head.earlier.map((one): WatchedRun => {
          return { place, run: refOf(one), as: 'earlier', seen: head.told === undefined ? undefined : 'open' };
        }),
      ];
    });
  }

  /** Runs with a turn at places where no run waits, so nobody watches them. */
  get unwatched(): Release[] {
    const quiet = this.lines().filter(([, { waiting }]) => waiting.length === 0);
    return quiet.flatMap(([place, { atWork }]) => atWork.map((one) => ({ ...refOf(one), place })));
  }

  turnOf({ place, ...run }: Release): TurnGrant | null {
    return this.state.lines[place]?.atWork.find(isSameRun(run))?.grant ?? null;
  }

  turns(only?: TurnPlace): TurnsAt[] {
    return this.lines()
      .filter(([place]) => only === undefined || place === only)
      .map(([place, { atWork, waiting }]) => ({ place, atWork: atWork.map(refOf), waiting: waiting.map(refOf) }));
  }

  private lines() {
    return Object.entries(this.state.lines) as [TurnPlace, RunsAtPlace][];
  }

  private enqueue({ waiting, atWork }: RunsAtPlace, claim: Claim): void {
    const { place: _place, found: _found, keyHash, earlier, ...one } = claim;
    const at = waiting.findIndex(isSameRun(claim));
    const [before] = at < 0 ? [] : waiting.splice(at, 1);
    const known = before?.known ?? (keyHash !== undefined && this.keys.add(keyHash));
    const unclaimed = earlier.filter((run) => !waiting.some(isSameRun(run)) && !atWork.some(isSameRun(run))).map(refOf);
    waiting.push({ ...one, known, earlier: unclaimed });
    waiting.sort((a, b) => a.startedAt - b.startedAt || (a.workflowId < b.workflowId ? -1 : 1));
  }

  /** Grants the turn to each run that may go now, and informs the others which run they wait for. */
  private advance(place: TurnPlace): void {
    const line = this.state.lines[place];
    if (line === undefined) return;
    for (let next = nextOf(line); next !== undefined; next = nextOf(line)) this.grant(place, line, next);
    const [head] = line.waiting;
    if (head !== undefined && mayPass(head, line) && head.earlier.length === 0) this.askToLetPass(place, line, head);
    this.sendWaiting(place, line);
    if (line.atWork.length === 0 && line.waiting.length === 0) delete this.state.lines[place];
  }

  private grant(place: TurnPlace, line: RunsAtPlace, one: Waiting): void {
    const { startedAt, known, quiet, gaveBack = false } = one;
    const oldest = this.now() - LEFT_REMEMBERED_MS;
    const waited = startedAt < Math.max(oldest, this.state.left[place] ?? 0);
    const grant = { waited, known };
    line.waiting = line.waiting.filter(isOtherRun(one));
    // a run gives back a tenant's turn by itself, so it counts as open without a check
    const seen = place.startsWith('tenant:') && ({ seen: 'open' } as const);
    line.atWork.push({ ...refOf(one), grant, gaveBack, ...seen });
    if (!quiet) this.sendGrant(place, one, grant);
  }

  private sendGrant(place: TurnPlace, run: RunRef, granted: TurnGrant): void {
    this.messages.sendNews({ ...refOf(run), place, granted });
  }

  /** A run may pass when all runs that work there are blocked and let it pass. */
  private askToLetPass(place: TurnPlace, { atWork }: RunsAtPlace, head: Waiting): void {
    if (!atWork.every((one) => one.blocked?.id === one.workflowId)) return;
    for (const one of atWork) {
      if (one.lentTo === head.runId || one.askedFor === head.runId) continue;
      one.askedFor = head.runId;
      this.messages.askToLend(place, refOf(one), refOf(head));
    }
  }

  private sendWaiting(place: TurnPlace, line: RunsAtPlace): void {
    const obstacle = findObstacle(line);
    if (obstacle === undefined) return;
    for (const one of line.waiting) {
      const text = JSON.stringify(obstacle);
      if (one.quiet || one.told === text) continue;
      one.told = text;
      this.messages.sendNews({ ...refOf(one), place, ...obstacle });
    }
  }

  private forgetOld(): void {
    const { left } = this.state;
    for (const [place, at] of Object.entries(left) as [TurnPlace, number][])
      if (at < this.now() - LEFT_REMEMBERED_MS) delete left[place];
  }
}

function nextOf({ atWork, waiting }: RunsAtPlace): Waiting | undefined {
  const [head] = waiting;
  if (atWork.length === 0) return head?.earlier.length === 0 ? head : undefined;
  // a run that was let pass goes next in any case: the runs that let it pass wait until it closes
  return waiting.find(({ runId }) => atWork.every(({ lentTo }) => lentTo === runId));
}

/** The run that all wait for: the last one with a turn, or an earlier one; undefined until its state is known. */
function findObstacle({
  atWork,
  waiting,
}: RunsAtPlace): { waitsFor: string; blocked?: WorkingRun['blocked'] & object } | undefined {
  const last = atWork.at(-1);
  if (last !== undefined) {
    if (last.seen === undefined) return undefined;
    return { waitsFor: last.workflowId, ...(last.blocked === undefined ? {} : { blocked: last.blocked }) };
  }
  const [head] = waiting;
  const [first] = head?.told === undefined ? [] : head.earlier;
  return first && { waitsFor: first.workflowId };
}

/** A run gives back a tenant's turn by a signal, but not that of a key, and not one that it never claimed. */
function releasesItself(place: TurnPlace, run: WorkingRun | undefined): boolean {
  return place.startsWith('tenant:') && run?.grant !== undefined;
}

function watchedStateOf({ seen, blocked }: WorkingRun): string | undefined {
  return blocked === undefined ? seen : JSON.stringify(blocked);
}
