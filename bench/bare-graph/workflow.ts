import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';

interface Waits {
  wait(of: string): Promise<object>;
}

const local = proxyLocalActivities<Waits>({ startToCloseTimeout: '10 seconds' });
const regular = proxyActivities<Waits>({ startToCloseTimeout: '1 minute', heartbeatTimeout: '2 seconds' });

/** The steps of provisionCustomer in the same order, but empty: this shows the time of the engine alone. */
export async function bareGraph(): Promise<object> {
  await local.wait('input');
  await Promise.all([local.wait('offer'), local.wait('login')]);
  await regular.wait('tenant');
  await Promise.all([regular.wait('user'), regular.wait('items'), regular.wait('two-factor')]);
  await regular.wait('role');
  return await regular.wait('mail');
}
