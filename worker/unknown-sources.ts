import { randomUUID } from 'node:crypto';
import { NOTICE_NOT_SENT, type Notice } from '../contract/notices.js';
import type { Messenger } from '../activities/index.js';
import type { Logger } from '../telemetry/log.js';

/** The gateway may get a changed `sources.json` some minutes before a worker. */
const PATIENCE_MS = 5 * 60 * 1000;
const REMINDER_MS = 24 * 60 * 60 * 1000;
/** Anybody may send facts with any name. */
const MOST_NAMES = 100;

/** Notifies people that facts wait for a source that the `sources.json` of this worker does not have: once a day. */
export class UnknownSources {
  /** By name: from when on the next sighting is worth a notice. Milliseconds of the epoch. */
  private readonly due = new Map<string, number>();

  constructor(
    private readonly messengers: readonly Messenger[],
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** A fact of this source could not be read. It is tried again every minute. */
  saw(source: string, now = Date.now()): void {
    const due = this.due.get(source);
    if (due === undefined && this.due.size >= MOST_NAMES) return;
    if (due !== undefined && now < due) return;
    this.due.set(source, now + (due === undefined ? PATIENCE_MS : REMINDER_MS));
    if (due !== undefined) void this.notify(source);
  }

  knows(source: string): void {
    this.due.delete(source);
  }

  private async notify(source: string): Promise<void> {
    const message =
      `Facts of ${source} wait, because the sources.json of a worker has no such source. Their customers lose nothing and ` +
      'get nothing new meanwhile. Add the source to the file that TENANTRY_SOURCES names, for every worker.';
    const notice: Notice = { about: 'source', source, subject: 'sources.json', message };
    const id = randomUUID();
    for (const { name, send } of this.messengers)
      await send(notice, id).catch(() => this.log.warn({ type: NOTICE_NOT_SENT }, `${name}: a notice was not sent`));
  }
}
