import type { Acronis } from '../acronis/index.js';
import { UnknownCloud } from '../activities/index.js';
import { openClouds } from './assemble.js';
import type { CloudSettings } from './clouds.js';
import type { WorkerSettings } from './config.js';

type Settings = Pick<WorkerSettings, 'clouds' | 'rereadClouds'>;

/** The client of each configured cloud, with the credentials that were read last. */
export class CloudClients {
  private readonly clients: Map<string, Acronis>;
  private readonly settings: Record<string, CloudSettings>;
  private readonly reread: Settings['rereadClouds'];

  /** Connects to nothing yet. */
  constructor({ clouds, rereadClouds }: Settings) {
    this.clients = openClouds({ clouds });
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
      this.clients.set(name, openClouds({ clouds: { [name]: now } }).get(name)!);
    } catch {
      return false;
    }
    this.settings[name] = now;
    return true;
  }
}
