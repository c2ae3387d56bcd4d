import { CancellationScope, isCancellation } from '@temporalio/workflow';

/**
 * True when a local activity ended as cancelled although nobody has cancelled anything: it shares the fate of its worker's memory of the
 * run, which may be dropped at any time.
 */
export function isEvicted(error: unknown): boolean {
  return isCancellation(error) && !CancellationScope.current().consideredCancelled;
}

/** Asks again what was forsaken. */
export async function retryOnEviction<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isEvicted(error)) throw error;
    }
  }
}
