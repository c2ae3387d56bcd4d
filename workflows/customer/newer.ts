/** When something was true: ISO 8601 in UTC with milliseconds, and the sender's own version where it has one. */
export interface Moment {
  at: string;
  version?: number;
}

/**
 * True when the first replaces the second. The sender's version decides where both have one and they differ, else the
 * time. Of two with one time the later arrival wins, and the first argument is the later arrival.
 */
export function isNewer(arrived: Moment, known: Moment | undefined): boolean {
  if (known === undefined) return true;
  const { version = known.version } = arrived;
  if (version !== undefined && known.version !== undefined && version !== known.version) return version > known.version;
  return arrived.at >= known.at;
}
