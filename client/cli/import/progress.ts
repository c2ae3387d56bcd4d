import type { RolloutStatus } from '../../../contract/rollout.js';
import { print } from '../output.js';
import { createRedraw } from '../redraw.js';

/** The rate is that of this last time: at the beginning everything is slower. */
const WINDOW_MS = 60_000;
const QUIET_MS = 30_000;
const WIDTH = 24;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

interface Reading {
  at: number;
  ended: number;
}

/** How fast rows come out. */
export class Rate {
  private readings: Reading[] = [];

  add(ended: number, at: number): void {
    const from = this.readings.findLastIndex((one) => at - one.at >= WINDOW_MS);
    this.readings = [...this.readings.slice(Math.max(0, from)), { at, ended }];
  }

  /** Rows in a second; undefined while nothing is known. */
  get perSecond(): number | undefined {
    const [first, last] = [this.readings[0], this.readings.at(-1)];
    if (first === undefined || last === undefined || last.ended <= first.ended || last.at <= first.at) return undefined;
    return ((last.ended - first.ended) * SECOND) / (last.at - first.at);
  }
}

/** Rows that have come out, whatever came of them. */
export function endedOf({ counts: { done, failed, skipped } }: Pick<RolloutStatus, 'counts'>): number {
  return done + failed + skipped;
}

/** How far an import is, on one line: a bar, the rate, and the time left. */
export function progressLine({ counts, customers }: RolloutStatus, perSecond: number | undefined): string {
  const [ended, all] = [endedOf({ counts }), customers.length];
  const share = ended / all;
  const full = Math.floor(share * WIDTH);
  const others = (['failed', 'skipped'] as const)
    .filter((one) => counts[one] > 0)
    .map((one) => `${counts[one]} ${one}`);
  const speed =
    perSecond === undefined ? [] : [rateText(perSecond), `${timeText(((all - ended) * SECOND) / perSecond)} left`];
  return [
    `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${ended} of ${all} (${Math.floor(share * 100)} %)`,
    ...others,
    ...(ended < all ? speed : []),
  ].join(', ');
}

function rateText(perSecond: number): string {
  return perSecond >= 1 ? `${perSecond.toFixed(1)} rows/s` : `${(perSecond * 60).toFixed(1)} rows/min`;
}

/** In the largest unit that fits, and the next smaller one. */
export function timeText(ms: number): string {
  if (ms < MINUTE) return `${Math.ceil(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${Math.floor((ms % MINUTE) / SECOND)} s`;
  return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`;
}

/** Shows an import that goes on: one line drawn again on a terminal, and now and then a line elsewhere. */
export interface ImportDisplay {
  show(status: RolloutStatus): void;
  end(): void;
}

export function createImportDisplay(stream: NodeJS.WriteStream, now = () => performance.now()): ImportDisplay {
  const rate = new Rate();
  const redraw = stream.isTTY ? createRedraw(stream) : undefined;
  let said = { at: -Infinity, ended: -1 };
  return {
    show(status) {
      const [at, ended] = [now(), endedOf(status)];
      rate.add(ended, at);
      const line = progressLine(status, rate.perSecond);
      if (redraw !== undefined) redraw.show(line);
      else if (at - said.at >= QUIET_MS && ended !== said.ended) {
        print(stream, line);
        said = { at, ended };
      }
    },
    end: () => redraw?.end(),
  };
}
