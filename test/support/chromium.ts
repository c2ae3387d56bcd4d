import { existsSync } from 'node:fs';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium is on this machine: where CHROMIUM says, or in its usual place; undefined when there is none. */
export const chromiumPath = [process.env['CHROMIUM'], ...places].find((path) => path !== undefined && existsSync(path));
