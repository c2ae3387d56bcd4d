const ZONE = /(Z|UTC|GMT|[+-]\d{2}:?\d{2})$/i;

/** A time of the vendor's in one form, which sorts as text: `2024-07-02T10:11:12Z`. One without a zone is UTC; none it cannot read is changed. */
export function toUtc(time: string | null): string | null {
  if (time === null) return null;
  const read = new Date(ZONE.test(time) ? time : `${time}Z`);
  return Number.isNaN(read.getTime()) ? time : read.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
