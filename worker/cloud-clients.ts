import { createAcronis, createCallBucket, type Acronis, type CallBucket } from '../acronis/index.js';
import { UnknownCloud } from '../activities/index.js';
import type { CloudSettings } from '../settings/clouds.js';
import { version } from '../settings/version.js';
import type { WorkerSettings } from '../settings/worker.js';

/** The client of each configured cloud, with the credentials that were read last. */
export class CloudClients {
  private readonly clients: Map<string, Acronis>;
  private readonly settings: Record<string, CloudSettings>;
  private readonly rereadClouds: WorkerSettings['rereadClouds'];
  /** Of the clouds with a budget. */
  readonly buckets: ReadonlyMap<string, CallBucket>;

  /** Connects to nothing yet. */
  constructor(clouds: Record<string, CloudSettings>, rereadClouds: WorkerSettings['rereadClouds']) {
    const limited = Object.entries(clouds).filter(([, { callsPerSecond }]) => callsPerSecond !== undefined);
    this.buckets = new Map(limited.map(([name]) => [name, createCallBucket(() => performance.now())]));
    this.settings = { ...clouds };
    this.rereadClouds = rereadClouds;
    this.clients = new Map(Object.entries(clouds).map(([name, cloud]) => [name, this.connect(name, cloud)]));
  }

  get names(): string[] {
    return [...this.clients.keys()];
  }

  /** The settings that were read last. */
  settingsOf(name: string): CloudSettings {
    return this.settings[name]!;
  }

  /** Throws `UnknownCloud` when no cloud has this name. */
  get(name: string): Acronis {
    const client = this.clients.get(name);
    if (client === undefined) throw new UnknownCloud(name, this.names);
    return client;
  }

  /**
   * Reads the settings of a cloud again. True when they have changed and can be used; else the cloud keeps what it has.
   */
  reread(name: string): boolean {
    const now = this.rereadClouds()[name];
    if (now === undefined || JSON.stringify(now) === JSON.stringify(this.settings[name])) return false;
    this.clients.set(name, this.connect(name, now));
    this.settings[name] = now;
    return true;
  }

  /** The budget outlives the credentials. */
  private connect(name: string, cloud: CloudSettings): Acronis {
    return createAcronis({ ...cloud, version: version(), budget: this.buckets.get(name) });
  }
}
