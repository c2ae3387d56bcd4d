import { temporalCli } from '../../engine/pins.js';
import { temporalSdkVersion, version } from '../../settings/version.js';

/** `tenantry --version --verbose`: what a report of a problem needs. */
export function versionsText(): string {
  return [
    `tenantry ${version()}`,
    `node ${process.versions.node} on ${process.platform} ${process.arch}`,
    `temporal SDK ${temporalSdkVersion()}`,
    `engine ${temporalCli.version} (${temporalCli.wheel}), or a temporal on the PATH from ${temporalCli.oldest.join('.')} on`,
  ].join('\n');
}
