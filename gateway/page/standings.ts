import type { Client } from '@temporalio/client';
import type { ApiKey } from '../../settings/api-keys.js';
import { countObserved } from '../../client/customer-list.js';
import { cloudsWithBrake } from '../../client/brakes.js';
import { queryStatus } from '../../client/query-status.js';
import { BRAKE_QUERY, brakeId, type BrakeStatus } from '../../contract/brake.js';
import { TenantryError } from '../../contract/errors.js';
import type { ApiParts } from '../api/parts.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What concerns all screens, for a visitor who may see it. */
    standing: Standing | undefined;
  }
}

/** What a person must know on every screen: what does not happen, although it is sold. */
export interface Standing {
  /** The brakes that are engaged. */
  engaged: BrakeStatus[];
  /** The clouds whose brakes do not answer. */
  silent: string[];
  /** How many customers are only observed. */
  observed: number;
  /** The sources whose new customers are only observed. */
  observing: string[];
}

type Parts = Pick<ApiParts, 'client' | 'taskQueue' | 'sources'>;

/** How long a reading counts, and how long an old one is shown while nothing newer can be read. Milliseconds. */
const FRESH_MS = 2000;
const SHOWN_MS = 15_000;
/** How long a screen waits for a reading. */
const PATIENCE_MS = 1000;
/** How long a brake may take to answer. */
const ANSWER_MS = 3000;

/** Reads what concerns all screens, once for all who look. What cannot be read is not shown. */
export class Standings {
  private last: { standing: Standing | undefined; at: number; tookMs: number } | undefined;
  private reading: Promise<void> | undefined;

  constructor(private readonly parts: Parts) {}

  /** What is known now; waits a moment for a newer reading. Undefined when it cannot be known. */
  async of(key: ApiKey): Promise<Standing | undefined> {
    this.refresh();
    const isSlow = this.isShown && this.last!.tookMs > PATIENCE_MS;
    if (!isSlow) await Promise.race([this.reading, later(PATIENCE_MS)]);
    return this.knownTo(key);
  }

  /** Somebody has just changed it: what is known counts no longer. */
  renew(): void {
    this.last = undefined;
  }

  /** What is known now, without waiting. */
  knownTo({ operations, below }: ApiKey): Standing | undefined {
    this.refresh();
    const seesAll = operations === undefined && below === undefined;
    return seesAll && this.isShown ? this.last?.standing : undefined;
  }

  private get age(): number {
    return this.last === undefined ? Infinity : performance.now() - this.last.at;
  }

  private get isShown(): boolean {
    return this.age < SHOWN_MS;
  }

  private refresh(): void {
    if (this.age >= FRESH_MS) this.reading ??= this.read();
  }

  private async read(): Promise<void> {
    const began = performance.now();
    const standing = await readStanding(this.parts).catch(() => undefined);
    const at = performance.now();
    this.last = { standing, at, tookMs: at - began };
    this.reading = undefined;
  }
}

async function later(ms: number): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
}

async function readStanding({ client, taskQueue, sources }: Parts): Promise<Standing> {
  const [clouds, observed] = await Promise.all([cloudsWithBrake(client), countObserved(client)]);
  const brakes = await Promise.all(
    clouds.map(async (cloud) => [cloud, await askBrake(client, cloud, taskQueue)] as const),
  );
  return {
    engaged: brakes.flatMap(([, brake]) => (brake !== 'silent' && brake?.engaged !== undefined ? [brake] : [])),
    silent: brakes.flatMap(([cloud, brake]) => (brake === 'silent' ? [cloud] : [])),
    observed,
    observing: sources()
      .filter(({ act }) => act === 'observe')
      .map(({ name }) => name),
  };
}

async function askBrake(client: Client, cloud: string, taskQueue: string): Promise<BrakeStatus | 'silent' | undefined> {
  try {
    return await queryStatus<BrakeStatus>(client, {
      id: brakeId(cloud),
      query: BRAKE_QUERY,
      taskQueue,
      withinMs: ANSWER_MS,
    });
  } catch (error) {
    if (error instanceof TenantryError) return 'silent';
    throw error;
  }
}
