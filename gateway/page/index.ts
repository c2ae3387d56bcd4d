import type { FastifyError, FastifyInstance } from 'fastify';
import type { Logger } from '../../telemetry/log.js';
import { addAuditing } from '../api/auditing.js';
import type { SharedParts } from '../api/parts.js';
import { Problem } from '../api/problem.js';
import { Places } from '../api/streams/places.js';
import { addAssets } from './assets.js';
import { addBoard } from './board-screen.js';
import { addBrakeScreen } from './brake-screen.js';
import { addCauseScreens } from './cause-screens.js';
import { addCustomerScreens } from './customer-screens.js';
import { addComing } from './coming-screen.js';
import { PageDoor, sessionIn } from './door.js';
import { addLogIn, addOneTimeLogIn, sendLogIn, wanted } from './log-in.js';
import type { OneTimeLinks } from './one-time-links.js';
import { addLookUpScreens } from './look-up-screens.js';
import { addMorningScreens } from './morning-screens.js';
import type { PageParts } from './parts.js';
import { addRunScreen } from './run-screen.js';
import { sendTrouble } from './screens.js';
import { Sessions } from './sessions.js';
import { Standings } from './standings.js';
import { addStartScreens } from './start-screens.js';
import { addTokenScreen } from './token-screen.js';
import { Subjects } from './subjects.js';
import { WrongKeys } from './wrong-keys.js';

/** A person who leaves many screens open takes no place from others. */
const MOST_STREAMS = { ofKey: 50, inAll: 200 };
const MOST_BYTES = 1024 * 1024;

export interface PageSettings extends SharedParts {
  /** Signs the sessions. */
  pageSecret: string;
  /** With which people log in once. */
  links: OneTimeLinks;
  publicUrl(): string;
  now(): Date;
  log: Logger;
}

/** The page for people. Whoever has not logged in sees nothing but the form for it. */
export async function addPage(app: FastifyInstance, settings: PageSettings & SharedParts): Promise<void> {
  const { keys, now, pageSecret: secret, publicUrl, links } = settings;
  const sessions = new Sessions({ secret, keys, now });
  const door = new PageDoor({ sessions, publicUrl });
  const parts = {
    ...settings,
    sessionOf: door.sessionOf.bind(door),
    streams: new Places(MOST_STREAMS),
    subjects: new Subjects(settings.client),
    standings: new Standings(settings),
  };
  app.decorateRequest('session', null);
  app.decorateRequest('apiKey', null);
  app.decorateRequest('standing');
  app.decorateRequest('stillSees');
  takesForms(app);
  app.setErrorHandler<FastifyError>((error, request, reply) => sendTrouble(request, reply, error));
  app.addHook('onRequest', async () => {
    if (parts.isStopping()) throw new Problem(503, 'Unavailable', 'The gateway is stopping. Try again.');
    return await Promise.resolve();
  });
  addAssets(app);
  addLogIn(app, { door, sessions, wrongKeys: new WrongKeys(now) });
  addOneTimeLogIn(app, { door, sessions, links });
  await app.register(async (inside) => await addInside(inside, { parts, door }));
}

/** What only those see who have logged in. */
async function addInside(
  app: FastifyInstance,
  { parts, door }: { parts: PageParts & { log: Logger }; door: PageDoor },
): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    const session = door.sessionOf(request);
    request.session = session ?? null;
    request.apiKey = session?.key ?? null;
    if (session !== undefined) return undefined;
    return sendLogIn(reply, request.url === '/' ? 200 : 401, { next: wanted(request) });
  });
  addAuditing(app, parts.audit, parts.log);
  app.addHook('preHandler', async (request) => {
    if (request.method === 'POST' && request.session) door.checkForm(request, request.session);
    return await Promise.resolve();
  });
  app.addHook('preHandler', async (request) => {
    const { key } = sessionIn(request);
    if (request.method === 'POST') request.standing = parts.standings.knownTo(key);
    else if (!request.url.startsWith('/live')) request.standing = await parts.standings.of(key);
  });
  app.post('/log-out', { config: { changesNothing: true } }, (_request, reply) => {
    door.setCookie(reply, undefined);
    return reply.redirect('/', 303);
  });
  addBoard(app, parts);
  addCauseScreens(app, parts);
  addBrakeScreen(app, parts);
  addRunScreen(app, parts);
  addCustomerScreens(app, parts);
  addTokenScreen(app, parts);
  addComing(app, parts);
  addMorningScreens(app, parts);
  addLookUpScreens(app, parts);
  addStartScreens(app, parts);
  return await Promise.resolve();
}

/** Only what a form of a browser sends is read. */
function takesForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MOST_BYTES },
    (_request, text, done) => done(null, new URLSearchParams(String(text))),
  );
}
