import type { Client } from '@temporalio/client';
import { deleteLeftQuestions } from '../client/left-questions.js';
import type { Logger } from '../telemetry/log.js';

const EVERY_MS = 5 * 60_000;

/** Deletes what a gateway that was killed has left, now and every five minutes. Gives the function that ends it. */
export function keepDeletingLeftQuestions(client: Client, log: Logger): () => void {
  let isBusy = false;
  const act = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      const deleted = await deleteLeftQuestions(client);
      if (deleted > 0) log.info(`${deleted} questions were left behind, and are deleted now`);
    } catch (error) {
      // Temporal is away; the next round finds them
      log.debug({ errorType: (error as Error).name }, 'questions that were left could not be deleted');
    } finally {
      isBusy = false;
    }
  };
  void act();
  const timer = setInterval(() => void act(), EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
