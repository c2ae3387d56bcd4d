/** Waits the given milliseconds; throws the signal's own reason as soon as it is aborted. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const slept = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await unlessAborted(slept, signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Answers with the work, or throws the signal's own reason if it is aborted first. The work itself goes on. */
export async function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return work;
  // The work may be shared and fail after its last listener has gone; that must not end the process.
  work.catch(() => undefined);
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([
      work,
      aborted.then(() => {
        signal.throwIfAborted();
        throw new Error('unreachable: the signal said it was aborted');
      }),
    ]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
