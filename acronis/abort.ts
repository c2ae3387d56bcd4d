/** Waits the given milliseconds. Throws the signal's own reason as soon as the signal is aborted. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const slept = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await abortable(slept, signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for the work, or throws the signal's own reason if the signal is aborted first. The work itself goes on. */
export async function abortable<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return work;
  // shared work may fail after everybody has stopped waiting for it; that must not end the process
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
