import { unknownSettingsText } from '../../../settings/names.js';
import { ok, warn, type Check } from './check.js';

/** Whether variables that look like settings have the name of one. */
export function checkNames(): Check {
  const unknown = unknownSettingsText();
  if (unknown === undefined) return ok('names of settings', 'none is misspelt');
  return warn('names of settings', unknown, 'Correct the name, or remove it. docs/settings.md lists every setting.');
}
