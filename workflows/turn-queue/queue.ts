import type { Watched } from '../../contract/turn-queue.js';
import type {
  Claim,
  Grant,
  Lent,
  Release,
  RunRef,
  Sight,
  TurnNews,
  TurnPlace,
  TurnsAt,
} from '../../contract/turn-queue.js';
import { KnownKeys, type AtWork, type Line, type QueueState, type Waiting } from './state.js';

/** What a queue sends. */
export interface Post {
  /** To a run that waits. */
  news(news: TurnNews): void;
  /** Asks a blocked run to let another one in. */
  ask(place: TurnPlace, run: RunRef, to: RunRef): void;
}

/** How long it is known when a place was left. */
const REMEMBERED_MS = 3_600_000;

/**
 * Keeps the order of the runs at each place: among those that wait, the earliest started goes first, and a turn that was given is never taken
 * back. Knows nothing of Temporal.
 */
export class TurnQueue {
  private readonly keys: KnownKeys;
  private readonly touched = new Set<TurnPlace>();

  constructor(
    private readonly state: QueueState,
    private readonly post: Post,
    private readonly now: () => number,
  ) {
    this.keys = new KnownKeys(state.keys);
  }

  /** All that must be carried over. */
  get kept(): QueueState {
    return { ...this.state, keys: this.keys.kept };
  }

  claim(claim: Claim): void {
    const { place, quiet, found } = claim;
    const line = (this.state.lines[place] ??= { atWork: [], waiting: [] });
    for (const run of found) if (!line.atWork.some(same(run))) line.atWork.push(refOf(run));
    for (const one of line.waiting) one.earlier = one.earlier.filter(other(claim));
    const there = line.atWork.find(same(claim));
    if (there === undefined) this.queueUp(line, claim);
    else {
      // after a reset, or when the worker that claimed it has died
      there.grant ??= { waited: true, known: true };
      if (!quiet) this.tellGrant(place, there, there.grant);
    }
    this.touched.add(place);
  }

  /** A run has gone, or wants nothing any more. */
  release(run: Release, closedAt = this.now()): void {
    const line = this.state.lines[run.place];
    if (line === undefined) return;
    if (line.atWork.some(same(run))) this.state.left[run.place] = Math.max(closedAt, this.state.left[run.place] ?? 0);
    line.atWork = line.atWork.filter(other(run));
    line.waiting = line.waiting.filter(other(run));
    for (const one of line.atWork) {
      if (one.lentTo === run.runId) delete one.lentTo;
      if (one.askedFor === run.runId) delete one.askedFor;
    }
    for (const one of line.waiting) one.earlier = one.earlier.filter(other(run));
    this.touched.add(run.place);
  }

  lent({ place, to, ...run }: Lent): void {
    const lender = this.state.lines[place]?.atWork.find(same(run));
    if (lender === undefined) return;
    lender.lentTo = to.runId;
    this.touched.add(place);
  }

  /** Somebody has looked at a run that others wait for. */
  saw({ place, run, as }: Watched, sight: Sight): void {
    if (sight.state === 'gone') return this.release({ ...run, place }, sight.closedAt);
    const line = this.state.lines[place];
    if (line === undefined) return;
    if (as === 'earlier') {
      // one that is blocked before its claim must not hold up everybody
      if (sight.state === 'blocked') for (const one of line.waiting) one.earlier = one.earlier.filter(other(run));
      else for (const one of line.waiting) if (one.earlier.some(same(run))) one.told ??= '';
    }
    const there = line.atWork.find(same(run));
    if (there !== undefined && as === 'at work') {
      there.seen = sight.state;
      if (sight.state === 'blocked') there.blocked = sight.blocked;
      else delete there.blocked;
    }
    this.touched.add(place);
  }

  /** Acts on all that was heard. What comes at one time counts as one, so that an earlier run goes first also when it is heard last. */
  settle(): void {
    for (const place of this.touched) this.goOn(place);
    this.touched.clear();
    this.forgetOld();
  }

  /** Whom the queue must watch. Nobody is watched where nobody waits. */
  get watched(): Watched[] {
    return this.lines().flatMap(([place, { atWork, waiting }]) => {
      const [head] = waiting;
      if (head === undefined) return [];
      return [
        ...atWork.map((one): Watched => ({ place, run: refOf(one), as: 'at work', seen: sightOf(one) })),
        ...head.earlier.map((one): Watched => {
          return { place, run: refOf(one), as: 'earlier', seen: head.told === undefined ? undefined : 'open' };
        }),
      ];
    });
  }

  /** Those that were given a turn, where nobody waits to hear of their end. */
  get unwatched(): Release[] {
    const quiet = this.lines().filter(([, { waiting }]) => waiting.length === 0);
    return quiet.flatMap(([place, { atWork }]) => atWork.map((one) => ({ ...refOf(one), place })));
  }

  turnOf({ place, ...run }: Release): Grant | null {
    return this.state.lines[place]?.atWork.find(same(run))?.grant ?? null;
  }

  turns(only?: TurnPlace): TurnsAt[] {
    return this.lines()
      .filter(([place]) => only === undefined || place === only)
      .map(([place, { atWork, waiting }]) => ({ place, atWork: atWork.map(refOf), waiting: waiting.map(refOf) }));
  }

  private lines() {
    return Object.entries(this.state.lines) as [TurnPlace, Line][];
  }

  private queueUp({ waiting, atWork }: Line, claim: Claim): void {
    const { workflowId, runId, startedAt, passes, quiet, earlier, keyHash } = claim;
    const at = waiting.findIndex(same(claim));
    const [before] = at < 0 ? [] : waiting.splice(at, 1);
    const known = before?.known ?? (keyHash !== undefined && this.keys.add(keyHash));
    const unclaimed = earlier.filter((run) => !waiting.some(same(run)) && !atWork.some(same(run))).map(refOf);
    waiting.push({ workflowId, runId, startedAt, passes, quiet, known, earlier: unclaimed });
    waiting.sort((a, b) => a.startedAt - b.startedAt || (a.workflowId < b.workflowId ? -1 : 1));
  }

  /** Gives the turn to whoever is next, as long as somebody is, and tells the others for whom they wait. */
  private goOn(place: TurnPlace): void {
    const line = this.state.lines[place];
    if (line === undefined) return;
    for (let next = nextOf(line); next !== undefined; next = nextOf(line)) this.grant(place, line, next);
    const [head] = line.waiting;
    if (head?.passes && head.earlier.length === 0) this.askFor(place, line, head);
    this.tellWaiting(place, line);
    if (line.atWork.length === 0 && line.waiting.length === 0) delete this.state.lines[place];
  }

  private grant(place: TurnPlace, line: Line, one: Waiting): void {
    const { startedAt, known, quiet } = one;
    const oldest = this.now() - REMEMBERED_MS;
    const waited = startedAt < Math.max(oldest, this.state.left[place] ?? 0);
    const grant = { waited, known };
    line.waiting = line.waiting.filter(other(one));
    // who has a tenant's turn gives it back, so it needs no look to be believed that it still has it
    line.atWork.push({ ...refOf(one), grant, ...(place.startsWith('tenant:') ? { seen: 'open' as const } : {}) });
    if (!quiet) this.tellGrant(place, one, grant);
  }

  private tellGrant(place: TurnPlace, run: RunRef, granted: Grant): void {
    this.post.news({ ...refOf(run), place, granted });
  }

  /** A remedy may pass those that are at work when all of them are blocked and let it in. */
  private askFor(place: TurnPlace, { atWork }: Line, head: Waiting): void {
    if (!atWork.every((one) => one.blocked?.id === one.workflowId)) return;
    for (const one of atWork) {
      if (one.lentTo === head.runId || one.askedFor === head.runId) continue;
      one.askedFor = head.runId;
      this.post.ask(place, refOf(one), refOf(head));
    }
  }

  private tellWaiting(place: TurnPlace, line: Line): void {
    const obstacle = obstacleOf(line);
    if (obstacle === undefined) return;
    for (const one of line.waiting) {
      const text = JSON.stringify(obstacle);
      if (one.quiet || one.told === text) continue;
      one.told = text;
      this.post.news({ ...refOf(one), place, ...obstacle });
    }
  }

  private forgetOld(): void {
    const { left } = this.state;
    for (const [place, at] of Object.entries(left) as [TurnPlace, number][])
      if (at < this.now() - REMEMBERED_MS) delete left[place];
  }
}

function nextOf({ atWork, waiting }: Line): Waiting | undefined {
  const [head] = waiting;
  if (atWork.length === 0) return head?.earlier.length === 0 ? head : undefined;
  // whoever was let in goes in, whatever has come in between: those who let it in wait for its end
  return waiting.find(({ runId }) => atWork.every(({ lentTo }) => lentTo === runId));
}

/** For whom all wait: the last that was let in, or one that was started earlier; undefined while nobody has looked. */
function obstacleOf({ atWork, waiting }: Line): { waitsFor: string; blocked?: AtWork['blocked'] & object } | undefined {
  const last = atWork.at(-1);
  if (last !== undefined) {
    if (last.seen === undefined) return undefined;
    return { waitsFor: last.workflowId, ...(last.blocked === undefined ? {} : { blocked: last.blocked }) };
  }
  const [head] = waiting;
  const [first] = head?.told === undefined ? [] : head.earlier;
  return first && { waitsFor: first.workflowId };
}

function sightOf({ seen, blocked }: AtWork): string | undefined {
  return blocked === undefined ? seen : JSON.stringify(blocked);
}

function refOf({ workflowId, runId }: RunRef): RunRef {
  return { workflowId, runId };
}

function same(run: RunRef) {
  return (one: RunRef): boolean => one.workflowId === run.workflowId && one.runId === run.runId;
}

function other(run: RunRef) {
  return (one: RunRef): boolean => !same(run)(one);
}
