/** What can go wrong with a call, in words. */
export type Fault =
  /** The connection breaks; nothing was done. */
  | 'drop-before'
  /** The call takes effect, then the connection breaks. */
  | 'commit-then-drop'
  /** No answer ever. */
  | 'hang'
  /** The call takes effect, the answer cannot be read. */
  | 'garble'
  /** The call takes effect, then the connection breaks, and this befalls the call that comes next. */
  | { lostThen: Fault }
  /** All tokens become invalid before this call. */
  | 'expire-tokens'
  /** Somebody else changes the target just before this call. */
  | 'bump-version'
  /** The call takes effect; the second half of the answer is missing, and nothing shows it. */
  | 'cut'
  /** The vendor refuses in its own form; `bare`: without the parts of the body that may be left out. */
  | {
      refuse: number;
      code?: number | string;
      message?: string;
      html?: boolean;
      commit?: boolean;
      bare?: boolean;
    }
  /** A proxy answers in the vendor's place, with a page or with nothing; `commit`: the vendor had done what was asked. */
  | { proxy: number; empty?: boolean; commit?: boolean }
  /** The headers come at once, the last piece of the body so many milliseconds later. */
  | { drip: number }
  /** 429 with Retry-After in seconds; `commit`: somebody else has just done what was asked. */
  | { throttle: number; commit?: boolean }
  /** What this call makes stays out of sight for so many reads; besides the answer may be lost, or be a gateway's page with this status. */
  | { stale: number; drop?: boolean; answer?: number }
  /** The answer comes so many milliseconds late. */
  | { delay: number };

/** Tells whether the call names one of these words, or what lies below a tenant of that id. */
export type About = (words: readonly string[]) => boolean;

interface Rule {
  fault: Fault;
  matches(route: string, sequence: number, about: About): boolean;
  left: number;
  about?: readonly string[] | undefined;
}

/** Which calls of a route: so many, after letting some pass, of those about one customer. */
export interface Which {
  times?: number;
  after?: number;
  /** Only calls that name one of these (a tenant's id, a login), or something that lies below a tenant of that id. */
  about?: readonly string[] | undefined;
}

/** The faults that wait for their call. */
export class Faults {
  private rules: Rule[] = [];

  /** Befalls the next calls of a route ("POST /tenants", or "*" for any): `times` of them, after letting `after` pass. */
  next(route: string, fault: Fault, { times = 1, after = 0, about: words }: Which = {}): void {
    let passed = 0;
    const fits = (called: string, about: About) =>
      (route === '*' || called === route) && (words === undefined || about(words));
    this.rules.push({
      fault,
      left: times,
      about: words,
      matches: (called, _sequence, about) => fits(called, about) && (passed += 1) > after,
    });
  }

  /** Befalls the call with this number in the journal; the first call is 1. */
  at(sequence: number, fault: Fault): void {
    this.rules.push({ fault, left: 1, matches: (_route, called) => called === sequence });
  }

  /** Befalls each call with a probability; the same seed gives the same faults. */
  chance(probability: number, fault: Fault, { seed, route = '*' }: { seed: number; route?: string }): void {
    const random = mulberry(seed);
    this.rules.push({
      fault,
      left: Infinity,
      matches: (called) =>
        (route === '*' ? !called.startsWith('POST /idp/') : called === route) && random() < probability,
    });
  }

  clear(): void {
    this.rules = [];
  }

  /** The fault of this call, if it has one. */
  take(route: string, sequence: number, about: About): Fault | undefined {
    const rule = this.rules.find((one) => one.left > 0 && one.matches(route, sequence, about));
    if (rule === undefined) return undefined;
    rule.left -= 1;
    const { fault } = rule;
    if (typeof fault === 'object' && 'lostThen' in fault) this.next('*', fault.lostThen, { about: rule.about });
    return fault;
  }
}

function mulberry(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
