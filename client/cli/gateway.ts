import type { CliCommand } from './command.js';
import { Exit } from './exit-codes.js';
import { stdout } from './output.js';
import { parsePort } from './parsers.js';
import { untilStopped } from './until-stopped.js';

/** The command that runs the gateway. */
export function addGateway(top: CliCommand): void {
  top
    .command('gateway')
    .description(
      'receive the events of billing and CRM systems, and serve the HTTP API; the first line says at which address',
    )
    .option('--port <n>', 'port; a free one by default', parsePort)
    .option('--host <address>', 'address to listen on; 127.0.0.1 by default')
    .option('--log-in <key>', 'also print a link that logs in at the page once, as this API key')
    .withoutSettingsWarning()
    .handler(gateway)
    .exitCodes('0 stopped, 1 the port is in use, 2 settings or sources.json cannot be used')
    .examples('gateway --port 8085', 'gateway --port 8085 --log-in ann');
}

/** `tenantry gateway`: runs until stopped, then ends what is in flight. */
async function gateway({ logIn, ...options }: { port?: number; host?: string; logIn?: string }): Promise<number> {
  const { startGateway } = await import('../../gateway/index.js');
  const running = await startGateway(options);
  const stopped = untilStopped();
  try {
    const link = logIn === undefined ? {} : { logInUrl: running.linkFor(logIn) };
    stdout(JSON.stringify({ url: running.url, pid: process.pid, ...link }));
  } catch (error) {
    await running.close();
    throw error;
  }
  await stopped;
  await running.close();
  return Exit.done;
}
