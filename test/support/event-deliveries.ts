import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { createOutgoingActivities, type DeliveryResult, type OutgoingDoor } from '../../activities/outgoing-events.js';
import { DELIVER_SIGNAL, deliveryId, EVENT_DELIVERY, type OutgoingEvent } from '../../contract/outgoing-events.js';
import { bundlePath } from '../../worker/bundle.js';
import { clientOf } from '../simulation/client.js';
import { Clock } from '../simulation/clock.js';
import { SeededRandom } from '../simulation/seeded-random.js';
import { Service } from '../simulation/service.js';
import { virtualClient } from '../simulation/virtual-client.js';
import { VirtualTime } from '../simulation/virtual-time.js';
import { openSandbox, TASK_QUEUE } from '../simulation/vm.js';
import { SimulatedWorker, type Activities } from '../simulation/worker.js';

/** What receivers got, by the time at which it came. */
export interface Arrival {
  endpoint: string;
  id: string;
  at: number;
}

/** Deliveries in virtual time, with a worker that can die. */
export class EventDeliveries {
  readonly arrivals: Arrival[] = [];
  /** What a receiver answers; it takes everything unless a test says otherwise. */
  answer: (event: OutgoingEvent, endpoint: string) => DeliveryResult | Promise<DeliveryResult> = () => 'delivered';
  readonly clock = new Clock();
  readonly service = new Service(
    openSandbox(bundlePath, ['collectEvents', 'deliverEvent']),
    this.clock,
    new SeededRandom(1),
  );
  readonly time = new VirtualTime(this.service, this.clock);
  readonly client: Client = virtualClient(this.service, this.time);
  private readonly restoreClock = this.clock.install();

  private readonly outgoing: OutgoingDoor = {
    endpoints: () => [{ key: 'crm', wants: () => true }],
    deliver: async (endpoint, event) => {
      this.arrivals.push({ endpoint, id: event.id, at: this.clock.now });
      return await this.answer(event, endpoint);
    },
  };

  hire(): void {
    const equip = () => createOutgoingActivities({ outgoing: this.outgoing }) as unknown as Activities;
    this.service.setWorker(new SimulatedWorker(equip, clientOf(this.service)));
  }

  /** Gives an event to its delivery, as the workflow that sees what happens does. */
  async give(id: string, { subject = 'a-run', endpoint = 'crm' } = {}) {
    const event: OutgoingEvent = {
      id,
      type: 'operation.completed',
      timestamp: new Date().toISOString(),
      data: { id: subject },
    };
    const workflowId = deliveryId(endpoint, subject);
    await this.client.workflow.signalWithStart(EVENT_DELIVERY, {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [{ endpoint }],
      signal: DELIVER_SIGNAL,
      signalArgs: [event],
    });
    return this.client.workflow.getHandle(workflowId);
  }

  /** The ids that one receiver got, in order. */
  got(endpoint = 'crm'): string[] {
    return this.arrivals.filter((one) => one.endpoint === endpoint).map(({ id }) => id);
  }

  aSubject(): string {
    return `run-${randomUUID()}`;
  }

  /** Ends it; every run must replay as it went. */
  async close(): Promise<void> {
    this.time.stop();
    this.service.kill();
    await this.service.settle();
    for (const run of this.service.executions) await run.replay(await this.service.sandbox.begin(run.beginning));
    this.restoreClock();
  }
}
