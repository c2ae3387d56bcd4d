import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { parse } from 'yaml';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const read = (name: string) => readFileSync(root + name, 'utf8');

export interface Service {
  image?: string;
  build?: string;
  restart?: string;
  profiles?: string[];
  depends_on?: Record<string, { condition: string; required?: boolean }>;
  environment?: Record<string, string | number>;
  command?: string[];
  secrets?: string[];
  volumes?: string[];
  ports?: string[];
  healthcheck?: { test?: string[]; disable?: boolean };
  stop_grace_period?: string;
  read_only?: boolean;
  tmpfs?: string[];
  mem_limit?: string;
  pids_limit?: number;
}

interface Compose {
  services: Record<string, Service>;
  secrets: Record<string, { file?: string; environment?: string }>;
  volumes: Record<string, unknown>;
}

/** How the file refers to a setting. */
export const variable = /\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g;
/** The compose file, as it is written. */
export const text = read('docker-compose.yml');
export const example = parseEnv(read('.env.example')) as Record<string, string>;
const fill = (_all: string, name: string, kind?: string, otherwise = '') =>
  example[name] || (kind === '-' ? otherwise : `the ${name}`);
/** The compose file, with the settings of `.env.example`. */
export const compose = parse(text.replaceAll(variable, fill), { merge: true }) as Compose;
export const services = Object.entries(compose.services);
/** The services that this repository builds. */
export const ours = services.filter(([, service]) => service.build !== undefined);
/** The last stage of the Dockerfile: what runs. */
export const final = read('Dockerfile')
  .split(/^(?=FROM )/m)
  .at(-1)!;
