import { appendFileSync } from 'node:fs';
import { TenantryError } from '../../../contract/errors.js';
import { startChildCommand, type ChildCommand } from '../child-command.js';

const LAST_LINES = 8;

interface Part extends ChildCommand {
  name: string;
}

/** Commands of this program that run beside each other until all of them are stopped. */
export class Parts {
  private readonly running: Part[] = [];
  private readonly starting = new Set<Promise<unknown>>();
  private isStopping = false;
  private die: (error: TenantryError) => void = () => undefined;
  /** Fails when one of them ends by itself: with its name and its last lines. */
  readonly death = new Promise<never>((_resolve, reject) => (this.die = reject));

  /** `logFile` says where the log of a part is kept; `onLog` gets it as it comes. */
  constructor(
    private readonly logFile: (name: string) => string,
    private readonly onLog: (text: string) => void,
  ) {
    this.death.catch(() => undefined);
  }

  /** Starts one with exactly these settings. Returns what its first line says. */
  async start<Ready>(
    [name, ...args]: readonly [string, ...string[]],
    env: Readonly<Record<string, string>>,
  ): Promise<Ready> {
    const onLog = (text: string) => {
      appendFileSync(this.logFile(name), text, { mode: 0o600 });
      this.onLog(text);
    };
    const spawning = startChildCommand([name, ...args], { env, onLog });
    this.starting.add(spawning);
    const part: Part = { name, ...(await spawning) };
    this.running.push(part);
    this.starting.delete(spawning);
    void part.exited.then((code) => this.isStopping || this.die(deathOf(part, code)));
    return (await Promise.race([part.ready, this.death])) as Ready;
  }

  /** The pids of those that run, by name. */
  pids(): Record<string, number> {
    return Object.fromEntries(this.running.map(({ name, pid }) => [name, pid]));
  }

  /** Stops the newest first; each may end what it does. Safe to repeat. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.allSettled(this.starting);
    for (const part of this.running.splice(0).toReversed()) await part.stop();
  }
}

function deathOf({ name, log }: Part, code: number): TenantryError {
  const lines = log().trimEnd().split('\n').slice(-LAST_LINES);
  const last = lines.join('\n') === '' ? ' It has printed nothing.' : ` Its last lines:\n${lines.join('\n')}`;
  return new TenantryError('unavailable', `The ${name} has ended with exit code ${code}.${last}`, {
    type: 'PartEnded',
  });
}
