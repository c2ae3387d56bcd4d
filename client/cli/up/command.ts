import type { CliCommand, JsonOption } from '../command.js';

export interface UpOptions extends JsonOption {
  folder?: string;
  freePorts?: boolean;
}

/** The command that starts everything, for trying. */
export function addUp(top: CliCommand): void {
  top
    .command('up')
    .description('start everything in one terminal, for trying: Temporal, a simulated cloud, a worker and the gateway')
    .option('--folder <folder>', 'keep everything there, and go on from it; a temporary one by default')
    .option('--free-ports', 'take any free ports, not 7233, 8233, 8080 and 8085')
    .json()
    .withoutSettingsWarning()
    .handler(async (options: UpOptions) => await (await import('./run.js')).up(options))
    .exitCodes('0 stopped, 1 a part did not start or has ended, 2 the settings here point at a real cloud')
    .examples('up', 'up --folder trying');
}
