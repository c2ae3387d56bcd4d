import { createCloudClients, type Acronis } from '../acronis/index.js';
import { UnknownCloud } from '../activities/index.js';
import { version } from '../settings/version.js';
import { StartRefused } from './checks.js';
import type { CloudSettings } from '../settings/clouds.js';
import type { WorkerSettings } from '../settings/worker.js';

type Settings = Pick<WorkerSettings, 'clouds' | 'rereadClouds'>;

/** The client of each configured cloud, with the credentials that were read last. */
export class CloudClients {
  private readonly clients: Map<string, Acronis>;
  private readonly settings: Record<string, CloudSettings>;
  private readonly reread: Settings['rereadClouds'];

  /** Connects to nothing yet. */
  constructor({ clouds, rereadClouds }: Settings) {
    try {
      this.clients = createCloudClients(clouds, version());
    } catch (error) {
      throw new StartRefused((error as Error).message);
    }
    this.settings = { ...clouds };
    this.reread = rereadClouds;
  }

  get names(): string[] {
    return [...this.clients.keys()];
  }

  /** As they were read last. */
  settingsOf(name: string): CloudSettings {
    return this.settings[name]!;
  }

  /** Throws `UnknownCloud` when there is none of this name. */
  get(name: string): Acronis {
    const client = this.clients.get(name);
    if (client === undefined) throw new UnknownCloud(name, this.names);
    return client;
  }

  /** Reads the files with the settings of a cloud again. True when they say something else that can be used; else all stays as it is. */
  renew(name: string): boolean {
    const now = this.reread()[name];
    if (now === undefined || JSON.stringify(now) === JSON.stringify(this.settings[name])) return false;
    try {
      this.clients.set(name, createCloudClients({ [name]: now }, version()).get(name)!);
    } catch {
      return false;
    }
    this.settings[name] = now;
    return true;
  }
}
