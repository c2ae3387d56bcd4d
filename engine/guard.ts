import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';

/**
 * Runs a command that must not outlive the parent of this guard. When standard input ends, because the parent stopped
 * or was killed, the guard stops the command. It writes the command's pid to file descriptor 3.
 */
const STOP_MS = 5000;
const [command, ...args] = process.argv.slice(3);
if (process.argv[2] !== '--' || command === undefined) throw new Error('usage: guard -- command [arguments]');

const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGTERM' ? 0 : 1)));
if (child.pid !== undefined) writeSync(3, `${child.pid}\n`);

function stop(): void {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), STOP_MS).unref();
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
process.stdin.resume();
process.stdin.once('end', stop);
process.stdin.once('error', stop);
