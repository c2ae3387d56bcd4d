import { defineSignal, proxyLocalActivities, setHandler, sleep } from '@temporalio/workflow';

export const tell = defineSignal('tell');

const { lookUp } = proxyLocalActivities<{ lookUp(which: 'first' | 'second'): Promise<void> }>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
});

/** Sleeps between two look-ups, unless it was told before. */
export async function told(): Promise<void> {
  let heard = false;
  setHandler(tell, () => void (heard = true));
  await lookUp('first');
  const slept = heard ? undefined : sleep('1 second');
  await lookUp('second');
  await slept;
}
