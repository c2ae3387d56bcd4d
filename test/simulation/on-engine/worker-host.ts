import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { WorkerSettings } from './worker-process.js';

/** What a worker reaches: the simulator and other services. */
export interface SimulatedWorld {
  fetch(request: Request): Promise<Response>;
  /** Services other than the vendor. */
  outside(what: string, given: unknown): unknown;
}

const program = fileURLToPath(new URL('./worker-process.js', import.meta.url));

/** Runs one worker process after another for a namespace, and connects them to the current world. */
export class WorkerHost {
  private worker: ChildProcess | undefined;
  private outdoors: SimulatedWorld | undefined;
  private readonly server: Server;

  constructor(
    private readonly address: string,
    readonly namespace: string,
    private readonly apiClient: Omit<WorkerSettings['vendor'], 'url'>,
  ) {
    this.server = createServer((request, response) => {
      this.serve(request, response).catch(() => response.destroy());
    });
  }

  async open(): Promise<void> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
  }

  /** Replaces the world. */
  async setWorld(outdoors: SimulatedWorld): Promise<void> {
    this.outdoors = outdoors;
    if (this.worker === undefined) await this.startWorker();
    else this.worker.send('another world');
  }

  async startWorker(): Promise<void> {
    const vendor = { url: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`, ...this.apiClient };
    const settings: WorkerSettings = { address: this.address, namespace: this.namespace, vendor };
    const worker = fork(program, [JSON.stringify(settings)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.worker = worker;
    await Promise.race([once(worker, 'message'), once(worker, 'exit')]);
  }

  /** Kills the worker, as a power cut does. */
  kill(): void {
    this.worker?.kill('SIGKILL');
    this.worker = undefined;
  }

  async close(): Promise<void> {
    this.kill();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = incoming;
    let body = '';
    for await (const chunk of incoming) body += String(chunk);
    const { outdoors } = this;
    if (outdoors === undefined) return void response.destroy();
    const [, what] = /^\/outside\/(\w+)$/.exec(url) ?? [];
    if (what !== undefined)
      return void response.end(JSON.stringify({ answer: await outdoors.outside(what, JSON.parse(body)) }));
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as [string, string]);
    const sent = { method, headers, signal: gone.signal, ...(body === '' ? {} : { body }) };
    const answer = await outdoors.fetch(new Request(`http://simulator.invalid${url}`, sent));
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  }
}
