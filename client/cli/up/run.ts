import { isStartedByNpm, refuseRealCloud } from '../../../settings/trying.js';
import { Exit } from '../exit-codes.js';
import { stderr, stdout } from '../output.js';
import { untilAlone, untilStopped } from '../until-stopped.js';
import type { UpOptions } from './command.js';
import { TryingFolder } from './folder.js';
import { choosePorts, startInstallation, type Installation } from './installation.js';
import { Parts } from './parts.js';
import { exampleCommand, installationText, stoppedText } from './text.js';

/** `tenantry up`: runs until stopped, or until a part ends. */
export async function up({ folder: given, freePorts = false, json = false }: UpOptions): Promise<number> {
  refuseRealCloud();
  const folder = new TryingFolder(given);
  const stopped = Promise.race([untilStopped(), ...(isStartedByNpm() ? [untilAlone()] : [])]);
  const say = json ? () => undefined : stderr;
  const parts = new Parts(folder.log, (text) => {
    // the first start fetches Temporal, which takes a while
    for (const line of text.split('\n').filter((one) => one.startsWith('engine: '))) say(line);
  });
  say('Starting Temporal, a simulated Acronis cloud, a worker and the gateway…');
  try {
    const started = choosePorts(freePorts).then(async (ports) => await startInstallation(parts, folder, ports));
    const shown = started.then((installation) => stdout(textFor(installation, { folder, parts, json })));
    await Promise.race([stopped, parts.death, shown.then(async () => await new Promise<never>(() => undefined))]);
    say('\nStopping everything…');
  } finally {
    await parts.stop();
    folder.remove();
  }
  say(stoppedText(folder));
  return Exit.done;
}

interface Shown {
  folder: TryingFolder;
  parts: Parts;
  json: boolean;
}

function textFor(installation: Installation, { folder, parts, json }: Shown): string {
  if (!json) return installationText(installation, folder);
  const { path, isKept } = folder;
  const pids = { up: process.pid, ...parts.pids() };
  return JSON.stringify({ ...installation, folder: { path, isKept }, example: exampleCommand(), pids });
}
