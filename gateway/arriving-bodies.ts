import type { IncomingMessage } from 'node:http';
import { readBody, type Body } from './body.js';

/**
 * Bodies that arrive. When there are too many, the one that began first is given up as slow: whoever sends all at once gets
 * in, however many others hold theirs back.
 */
export class ArrivingBodies {
  private readonly arriving = new Set<AbortController>();

  constructor(private readonly most: number) {}

  get count(): number {
    return this.arriving.size;
  }

  /** Reads a body for at most so many milliseconds. Never rejects. */
  async read(request: IncomingMessage, ms: number): Promise<Body> {
    const giveUp = new AbortController();
    const [oldest] = this.arriving;
    if (this.arriving.size >= this.most && oldest !== undefined) {
      this.arriving.delete(oldest);
      oldest.abort();
    }
    this.arriving.add(giveUp);
    try {
      return await readBody(request, ms, giveUp.signal);
    } finally {
      this.arriving.delete(giveUp);
    }
  }
}
