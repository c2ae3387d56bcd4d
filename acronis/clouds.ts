import { createAcronis, type Acronis } from './acronis.js';
import type { AcronisOptions } from './options.js';

type Access = Pick<AcronisOptions, 'baseUrl' | 'clientId' | 'clientSecret'>;

/** One client for each cloud, by name; connects to nothing yet. Throws when a cloud's options could not work. */
export function openClouds(clouds: Readonly<Record<string, Access>>, version: string): Map<string, Acronis> {
  return new Map(Object.entries(clouds).map(([name, access]) => [name, createAcronis({ ...access, version })]));
}
