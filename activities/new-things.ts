import { AcronisError } from '../acronis/index.js';

/** Fails with `unreadable` when a creation is answered with what was there before: that is not this run's, and no undo may take it. */
export function checkNew(id: string, known: readonly string[], call: { operation: string; route: string }): void {
  if (!known.includes(id)) return;
  const reason = `the answer is of ${id}, which was there before`;
  throw new AcronisError('unreadable', call.operation, { route: call.route, status: 200, reason });
}
