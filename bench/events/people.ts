import type { Client } from '@temporalio/client';
import { askCustomer } from '../../client/customers.js';
import type { SimulatorProcess } from '../simulator-process.js';
import type { Heard } from './heard.js';
import { wantedOf } from './model.js';
import type { CustomerPlan } from './plan.js';
import type { Sender } from './sender.js';
import type { HandMadeChange } from './statements.js';
import { TASK_QUEUE, type Watch } from './watch.js';

interface Parts {
  client: Client;
  simulator: SimulatorProcess;
  watch: Watch;
  heard: Heard;
  sender: Sender;
}

/**
 * People who change something at the vendor once a customer is as sold; more is said about the customer afterwards. They
 * move a subscription that turns up under another reference.
 */
export class People {
  private readonly done = new Map<string, HandMadeChange>();
  private waiting: readonly CustomerPlan[];
  private moving: readonly CustomerPlan[] = [];

  constructor(
    plans: readonly CustomerPlan[],
    private readonly parts: Parts,
  ) {
    this.waiting = plans.filter(({ after }) => after.length > 0);
  }

  get areDone(): boolean {
    return this.waiting.length + this.moving.length === 0;
  }

  get changes(): number {
    return this.done.size;
  }

  /** What a person has changed until now. */
  changeOf(ref: string): HandMadeChange | undefined {
    return this.done.get(ref);
  }

  /** Does what can be done since the last look. */
  async act(): Promise<void> {
    const ready: CustomerPlan[] = [];
    for (const plan of this.waiting) if (await this.isReady(plan)) ready.push(plan);
    for (const { ref, byHand, after } of ready) {
      if (byHand !== undefined) await changeByHand(this.parts.simulator, this.parts.watch.tenantId(ref)!, byHand);
      if (byHand !== undefined) this.done.set(ref, byHand);
      this.parts.sender.add(after);
    }
    this.waiting = this.waiting.filter((plan) => !ready.includes(plan));
    const moving: CustomerPlan[] = [];
    for (const plan of [...this.moving, ...ready]) if (!(await this.hasMoved(plan))) moving.push(plan);
    this.moving = moving;
  }

  /** Moves a subscription once its customer knows that another one has heard of it. */
  private async hasMoved({ ref, after }: CustomerPlan): Promise<boolean> {
    const moved = after.find((one) => one.ref !== ref);
    if (moved === undefined) return true;
    const name = `${moved.source}/${moved.subscription!.ref}`;
    const { subscriptions = [] } = (await this.parts.watch.status(ref)) ?? {};
    const isOpen = subscriptions.some(
      (one) => one.ref === moved.subscription!.ref && one.moved?.openSince !== undefined,
    );
    if (!isOpen) return false;
    const fields = { reason: 'it was sold', subscription: name, to: moved.ref };
    await askCustomer(this.parts.client, { ref, name: 'move', actor: 'the soak', fields }, TASK_QUEUE);
    return true;
  }

  private async isReady({ ref, before }: CustomerPlan): Promise<boolean> {
    const { watch, heard } = this.parts;
    const wanted = new Map([[ref, wantedOf(before)]]);
    if (!heard.hasTaken(before) || watch.wrongAtVendor(wanted).size > 0) return false;
    return (await watch.unsettled(wanted)).size === 0;
  }
}

/** What a person does at the vendor's console. It meets no fault, and the product hears nothing of it. */
async function changeByHand({ control }: SimulatorProcess, tenantId: string, change: HandMadeChange): Promise<void> {
  const call = async (method: string, ...args: unknown[]) => await control('POST', `world/${method}`, args);
  switch (change.kind) {
    case 'disabled':
      return void (await call('disable', tenantId));
    case 'renamed':
      return void (await call('rename', tenantId, change.name));
    case 'itemRemoved':
      return void (await call('switchOff', tenantId, change.item));
    case 'deleted':
      return void (await call('remove', tenantId));
  }
}
