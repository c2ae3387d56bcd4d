import type { AddressInfo } from 'node:net';
import { Faults } from './faults.js';
import { Journal } from './journal.js';
import { defaults, seed, type Fixture } from './seed.js';
import { createVendorServer } from './server.js';
import { createView, type WorldView } from './view.js';
import type { World } from './world.js';

export interface SimulatorOptions {
  /** 127.0.0.1 unless given. */
  host?: string | undefined;
  /** 0 or absent: a free one. */
  port?: number | undefined;
  fixture?: Fixture | undefined;
  latencyMs?: number | undefined;
  log?: ((line: string) => void) | undefined;
}

/** What the parts of the server share. */
export interface State {
  world: World;
  /** Knows which tenants were there at the start. */
  view: WorldView;
  faults: Faults;
  journal: Journal;
  unknownRoutes: string[];
  latencyMs: number;
  url: string;
  log(line: string): void;
}

/** A running imitation of the vendor's platform. */
export interface Simulator {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly rootTenantId: string;
  readonly login: string;
  readonly password: string;
  readonly world: WorldView;
  readonly faults: Faults;
  readonly journal: Journal;
  /** Calls that the imitation does not know; tests fail when there are any. */
  readonly unknownRoutes: string[];
  setLatency(ms: number): void;
  expireTokens(): void;
  close(): Promise<void>;
}

/** Starts the imitation. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', fixture = {}, latencyMs = 0, log = () => undefined } = options;
  const world = seed(fixture);
  const state: State = {
    world,
    view: createView(world),
    faults: new Faults(),
    journal: new Journal(),
    unknownRoutes: [],
    latencyMs,
    url: '',
    log,
  };
  const server = createVendorServer(state);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const clash = error.code === 'EADDRINUSE';
      reject(clash ? new Error(`Port ${options.port} is in use. Give another --port, or 0 for a free one.`) : error);
    });
    server.listen(options.port ?? 0, host, resolve);
  });
  state.url = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    url: state.url,
    clientId: fixture.clientId ?? defaults.clientId,
    clientSecret: fixture.clientSecret ?? defaults.clientSecret,
    rootTenantId: world.rootId,
    login: defaults.login,
    password: defaults.password,
    world: state.view,
    faults: state.faults,
    journal: state.journal,
    unknownRoutes: state.unknownRoutes,
    setLatency(ms) {
      state.latencyMs = ms;
    },
    expireTokens: () => world.tokens.clear(),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
