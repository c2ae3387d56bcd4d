import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Outcome } from './answers.js';

/** In place of the name of a source that does not exist: callers choose that name. */
const NO_SOURCE = '-';
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];

/** What `/metrics` shows, in Prometheus' text format. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly deliveries = new Counter({
    name: 'tenantry_gateway_deliveries_total',
    help: 'Deliveries, by source and outcome',
    labelNames: ['source', 'outcome'],
    registers: [this.registry],
  });
  private readonly durations = new Histogram({
    name: 'tenantry_gateway_delivery_seconds',
    help: 'Time from the headers of a delivery to its answer',
    labelNames: ['source'],
    buckets: BUCKETS_S,
    registers: [this.registry],
  });

  /** `inFlight` says how many deliveries are being worked on. */
  constructor(inFlight: () => number) {
    collectDefaultMetrics({ register: this.registry });
    const gauge: Gauge = new Gauge({
      name: 'tenantry_gateway_deliveries_in_flight',
      help: 'Deliveries that have no answer yet',
      registers: [],
      collect: () => gauge.set(inFlight()),
    });
    this.registry.registerMetric(gauge);
  }

  count(source: string | undefined, outcome: Outcome, ms: number): void {
    this.deliveries.inc({ source: source ?? NO_SOURCE, outcome });
    this.durations.observe({ source: source ?? NO_SOURCE }, ms / 1000);
  }

  async text(): Promise<string> {
    return await this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }
}
