/** What can go wrong with a call. */
export type Fault =
  /** The connection breaks; nothing was done. */
  | 'drop-before'
  /** The call takes effect, then the connection breaks. */
  | 'commit-then-drop'
  /** There is never an answer. */
  | 'hang'
  /** The call takes effect; the answer is not valid JSON. */
  | 'garble'
  /** The call takes effect, then the connection breaks; the next call that does not ask for a token gets this fault. */
  | { lostThen: Fault }
  /** The answer is about another object of the same kind, as from a confused cache; a change takes effect. */
  | 'answer-of-another'
  /** All tokens become invalid before this call. */
  | 'expire-tokens'
  /** Somebody else changes the target just before this call. */
  | 'bump-version'
  /** The call takes effect; the second half of the answer is missing without any sign of it. */
  | 'cut'
  /** The vendor refuses with its own error body; `bare`: without the optional parts of the body. */
  | {
      refuse: number;
      code?: number | string;
      message?: string;
      html?: boolean;
      commit?: boolean;
      bare?: boolean;
      /** The Retry-After header. */
      retryAfter?: string;
    }
  /** A proxy answers instead of the vendor, with a page or an empty body; `commit`: the call took effect. */
  | { proxy: number; empty?: boolean; commit?: boolean }
  /** The headers come at once, the last part of the body this many milliseconds later. */
  | { drip: number }
  /** 429 with Retry-After in seconds; `commit`: somebody else has just done the same. */
  | { throttle: number; commit?: boolean }
  /**
   * What this call creates stays hidden for this many reads. `drop`: the answer is lost; `answer`: a page of a
   * gateway with this status replaces it.
   */
  | { stale: number; drop?: boolean; answer?: number }
  /** The answer comes this many milliseconds late. */
  | { delay: number };

/** What a fault needs to know of a call. */
export interface FaultyCall {
  route: string;
  seq: number;
  /** Whether the call mentions one of these words, or something below a tenant with that id. */
  isAbout(words: readonly string[]): boolean;
  /** Whether its token is refused: it takes no effect. */
  isRefused(): boolean;
}

interface Rule {
  fault: Fault;
  matches(call: FaultyCall): boolean;
  left: number;
  about?: readonly string[] | undefined;
}

/** Which calls of a route a fault applies to. */
export interface FaultFilter {
  times?: number;
  after?: number;
  /** Only calls that mention one of these (a tenant's id, a login), or something below a tenant with that id. */
  about?: readonly string[] | undefined;
}

/** The faults that are planned for calls. */
export class Faults {
  private rules: Rule[] = [];

  /**
   * For the next calls of a route ("POST /tenants", or "*" for any): `times` of them, after the first `after`. A call
   * with a token that has expired does not count, since it could take no effect.
   */
  next(route: string, fault: Fault, filter: FaultFilter = {}): void {
    this.add((call) => route === '*' || call.route === route, fault, filter);
  }

  private add(
    isOf: (call: FaultyCall) => boolean,
    fault: Fault,
    { times = 1, after = 0, about: words }: FaultFilter,
  ): void {
    let passed = 0;
    const fits = (call: FaultyCall) => isOf(call) && (words === undefined || call.isAbout(words)) && !call.isRefused();
    this.rules.push({
      fault,
      left: times,
      about: words,
      matches: (call) => fits(call) && (passed += 1) > after,
    });
  }

  /** For the call with this number in the journal; the first call is 1. */
  at(sequence: number, fault: Fault): void {
    this.rules.push({ fault, left: 1, matches: ({ seq }) => seq === sequence });
  }

  /** For each call with a probability. The same seed gives the same faults. */
  chance(probability: number, fault: Fault, { seed, route = '*' }: { seed: number; route?: string }): void {
    const random = randomNumbers(seed);
    this.rules.push({
      fault,
      left: Infinity,
      matches: (call) => (route === '*' ? !asksForToken(call) : call.route === route) && random() < probability,
    });
  }

  clear(): void {
    this.rules = [];
  }

  /** The fault of this call, if it has one. */
  take(call: FaultyCall): Fault | undefined {
    const rule = this.rules.find((one) => one.left > 0 && one.matches(call));
    if (rule === undefined) return undefined;
    rule.left -= 1;
    const { fault } = rule;
    if (typeof fault === 'object' && 'lostThen' in fault) {
      this.add((following) => !asksForToken(following), fault.lostThen, { about: rule.about });
    }
    return fault;
  }
}

/** When a caller needs another token depends on the time of day; which of its other calls fails must not. */
function asksForToken({ route }: FaultyCall): boolean {
  return route.startsWith('POST /idp/');
}

function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
