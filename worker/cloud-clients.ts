import { createCloudClients, type Acronis } from '../acronis/index.js';
import { UnknownCloud } from '../activities/index.js';
import type { CloudSettings } from '../settings/clouds.js';
import { version } from '../settings/version.js';
import type { WorkerSettings } from '../settings/worker.js';

/** The client of each configured cloud, with the credentials that were read last. */
export class CloudClients {
  private readonly clients: Map<string, Acronis>;
  private readonly settings: Record<string, CloudSettings>;
  private readonly rereadClouds: WorkerSettings['rereadClouds'];

  /** Connects to nothing yet. */
  constructor(clouds: Record<string, CloudSettings>, rereadClouds: WorkerSettings['rereadClouds']) {
    this.clients = createCloudClients(clouds, version());
    this.settings = { ...clouds };
    this.rereadClouds = rereadClouds;
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
    this.clients.set(name, createCloudClients({ [name]: now }, version()).get(name)!);
    this.settings[name] = now;
    return true;
  }
}
