import type { FastifyRequest } from 'fastify';
import type { SharedParts } from '../api/parts.js';
import type { Places } from '../api/streams/places.js';
import type { Subjects } from './subjects.js';
import type { Session } from './sessions.js';
import type { Standings } from './standings.js';

/** What the screens need. */
export interface PageParts extends SharedParts {
  sessionOf(request: FastifyRequest): Session | undefined;
  /** The streams that are open. */
  streams: Places;
  /** What runs are about. */
  subjects: Subjects;
  /** What concerns all screens. */
  standings: Standings;
}
