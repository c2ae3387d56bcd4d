import { isGrpcServiceError } from '@temporalio/client';

const FAILED_PRECONDITION = 9;
const MOST_TRIES = 5;

/**
 * Tells a run something until it has heard it. When a run closes at the very moment at which something else reaches it, the server takes the task
 * back, and with it what the run was told: the run has not heard it then, and is told again.
 */
export async function untilHeard<T>(tell: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1)
    try {
      return await tell();
    } catch (error) {
      if (tries === MOST_TRIES || !wasTakenBack(error)) throw error;
    }
}

function wasTakenBack(error: unknown): boolean {
  const { cause = error } = error as { cause?: unknown };
  return (
    isGrpcServiceError(cause) &&
    (cause.code as number) === FAILED_PRECONDITION &&
    cause.details.includes('workflow task failure')
  );
}
