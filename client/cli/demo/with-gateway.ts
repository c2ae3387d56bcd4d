import { startGatewayProcess } from '../gateway-process.js';
import { log, type Demo } from './scenario.js';

/** A system that sends events, with what the gateway must know of it. */
interface Sender {
  settings: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, string>>;
  close(): void;
}

/** Plays with a gateway that takes the events of a sender. Stops both at the end. */
export async function withGateway(
  { engine }: Demo,
  sender: Sender,
  play: (url: string) => Promise<boolean>,
): Promise<boolean> {
  try {
    const gateway = await startGatewayProcess(engine, { ...sender.settings, ...sender.secrets });
    log(`the gateway listens at ${gateway.url} (pid ${gateway.pid}); it has no credentials of Acronis`);
    try {
      return await play(gateway.url);
    } finally {
      await gateway.stop();
    }
  } finally {
    sender.close();
  }
}
