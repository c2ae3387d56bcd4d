import { Problem } from './problem.js';

/** Each holds a place of a worker, and operations need these too. */
const MOST_OF_A_CLOUD = 10;
const MOST = 40;

/** How many questions about each cloud wait for an answer: a slow cloud keeps none of the others waiting. */
export class QuestionsUnderWay {
  private readonly byCloud = new Map<string, number>();
  private all = 0;

  /** Asks, unless too many wait already: then it fails as 503. */
  async ask<T>(cloud: string, act: () => Promise<T>): Promise<T> {
    const own = this.byCloud.get(cloud) ?? 0;
    if (own >= MOST_OF_A_CLOUD || this.all >= MOST) {
      const whose = own >= MOST_OF_A_CLOUD ? ` about the cloud ${cloud}` : '';
      throw new Problem(503, 'Unavailable', `Too many plans and look-ups${whose} are under way. Try again.`);
    }
    this.count(cloud, 1);
    try {
      return await act();
    } finally {
      this.count(cloud, -1);
    }
  }

  private count(cloud: string, change: 1 | -1): void {
    const now = (this.byCloud.get(cloud) ?? 0) + change;
    this.all += change;
    if (now === 0) this.byCloud.delete(cloud);
    else this.byCloud.set(cloud, now);
  }
}
