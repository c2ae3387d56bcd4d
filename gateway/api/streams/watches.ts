import type { Reader } from '../../../client/readings.js';
import { usualPace, Watch, type Moment } from './watch.js';

/** A place among those who listen to one thing. */
export interface Listening<Status> {
  /** What is known when the listener comes. */
  first: Moment<Status>;
  watch: Watch<Status>;
  /** The last who leaves ends the reading. Safe to repeat. */
  leave(): void;
}

/** The things that somebody listens to, each read once. */
export class Watches<Status> {
  private readonly open = new Map<string, { watch: Watch<Status>; listeners: number }>();

  constructor(private readonly pace = usualPace) {}

  get count(): number {
    return this.open.size;
  }

  /** Listens to what `reader` reads, or what somebody reads already under this name. Fails when it cannot be read now. */
  async join(name: string, reader: () => Reader<Status>, leaving: AbortSignal): Promise<Listening<Status> | undefined> {
    const before = this.open.get(name);
    // under the same id something new may have begun
    const isUsable = before !== undefined && !before.watch.isOver;
    const entry = isUsable ? before : { watch: new Watch(reader(), this.pace, () => this.open.size), listeners: 0 };
    this.open.set(name, entry);
    entry.listeners += 1;
    const leave = onlyOnce(() => {
      entry.listeners -= 1;
      if (entry.listeners > 0) return;
      entry.watch.stop();
      if (this.open.get(name) === entry) this.open.delete(name);
    });
    const first = await entry.watch.next(0, leaving);
    if (first === undefined || first.trouble !== undefined) leave();
    if (first?.trouble !== undefined) throw first.trouble;
    return first && { first, watch: entry.watch, leave };
  }
}

function onlyOnce(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
