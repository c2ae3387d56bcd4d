import type { Engine } from '../../engine/index.js';
import { noSettingsFiles, startChildCommand, type ChildCommand } from './child-command.js';

interface Addresses {
  readonly url: string;
  /** With which a person logs in at the page once. */
  readonly logInUrl?: string;
}

export type GatewayProcess = Addresses & Omit<ChildCommand, 'ready'>;

/**
 * Starts `tenantry gateway` as a process that knows only this engine and these settings, and waits until it listens. With
 * `logIn`, the name of a key, there is a link for a log-in.
 */
export async function startGatewayProcess(
  { address }: Pick<Engine, 'address'>,
  settings: Record<string, string>,
  { logIn }: { logIn?: string } = {},
): Promise<GatewayProcess> {
  const env = { ...noSettingsFiles, TEMPORAL_ADDRESS: address, ...settings };
  const args = logIn === undefined ? [] : ['--log-in', logIn];
  const { ready, ...gateway } = await startChildCommand(['gateway', ...args], { env });
  return { ...gateway, ...((await ready) as Addresses) };
}
